// Package graph builds the Gorgonia graph of a models.Network: an [Extractor]
// that turns crops into embeddings, and a [Training] that also has a head, a
// loss and the gradient of every parameter.
//
// Graphs are built for a fixed batch size. They use the storage of the weights
// that they are given: what a solver writes there is what the next run reads,
// and an Extractor built over the weights of a Training sees them learn.
package graph
