// Package explain draws why two photos were taken for one person or for two: the
// photos with the faces that were found, the crops that the network compared, and
// the similarity beside the threshold.
//
// A second picture, DrawMistakes, is a sheet of the pairs of a list that were judged
// wrong.
//
// The pictures are for people, so they say everything twice: the verdict in words and
// as a sign, what is marked on the photos by colour and by the kind of line.
package explain
