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
// to the oldest it still carries; 9 is where the ranges meet: TensorRT 10 begins
// there, ONNX Runtime 0.3 and TensorRT 5.1 end there, and onnx-go was written
// for it. Tried with this package's files, which agreed within 1e-6 of the largest
// element of an embedding: ONNX Runtime 0.4.0 (2019), 1.0, 1.8 and 1.32, ONNX Runtime Web and Node 1.30,
// OpenCV 4.5.5 and 5.0 (both engines), OpenVINO 2026.4, tract 0.23, and ONNX's
// version converter to opsets 11 to 28.
// Nothing is lost by it: Conv, PRelu, Add, Flatten and Gemm compute on float32
// today what they computed in opset 9. IR version 4 is the first in which
// initialisers need not be inputs as well, so that a runtime may fold and pack
// the weights.
package onnx
