// Package models describes the networks of this project as data: the
// SphereFace family, its parameters and their initialisers, and the heads that
// train it.
//
// A [Network] is a list of [Layer] values with names and shapes. Everything
// that needs to know an architecture walks that list: the Gorgonia graph
// (package models/graph), the ONNX writer, the checkpoint and the parity test.
// This package itself imports none of them, and no tensor library.
//
// Sources: W. Liu et al., "SphereFace: Deep Hypersphere Embedding for Face
// Recognition", CVPR 2017, Table 2 (architectures), and the prototxt files the
// authors published with it (layer names, biases, fillers).
package models
