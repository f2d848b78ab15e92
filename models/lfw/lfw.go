// Package lfw is the model in the box: a SphereFace-4 that was trained on Labeled
// Faces in the Wild alone, as export wrote it. README.md beside it is its card: what
// it was trained on, how often it is right, and what it must not be used for.
//
// A program that imports this package grows by the 12 MB of the file.
package lfw

import _ "embed"

//go:embed lfw.onnx
var model []byte

// Model returns the .onnx file, which the caller does not change.
func Model() []byte { return model }
