// Package onnx writes a trained network as an .onnx file that says everything a
// consumer needs, and reads and checks such files. It knows no runtime: package
// internal/ort computes with a file, internal/onnxgo trains on from one.
//
// [Encode] walks a [models.Network] and gives the bytes: the same network,
// weights and [Contract] always give the same ones. [Decode], [Check],
// [ParseContract], [CheckContract], [Recognize] and [Weights] are the way back.
//
// # Opset and IR version
//
// The file declares opset 9 and IR version 4, which came with ONNX 1.4.1 in
// January 2019. A reader takes models up to the newest opset it knows and down
// to the oldest it still carries, and 9 is where the ranges of all readers meet:
// ONNX Runtime promises opset 7 and up in every release and knows 9 since 0.3,
// TensorRT's parser and tract begin at 9, onnx-go was written for 9, and
// OpenCV DNN, OpenVINO, ONNX Runtime Web, onnx2torch (the way to Core ML) and
// ONNX's own version converter take 9 and up. Nothing is lost by it: Conv, PRelu,
// Add, Flatten and Gemm compute on float32 today what they computed in opset 9.
// IR version 4 is the first in which initialisers need not be inputs as well,
// so that a runtime may fold and pack the weights.
package onnx
