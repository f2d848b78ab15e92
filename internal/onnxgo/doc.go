// Package onnxgo runs an exported .onnx file in Gorgonia:
// github.com/owulveryck/onnx-go reads the file, and the backend in this package
// turns what it reads into a Gorgonia expression graph over internal/ops.
//
// onnx-go's own Gorgonia backend has no PRelu and drops dynamic dimensions, so
// it cannot take our files; this backend implements onnx-go's interface
// instead, for the five operators that our writer emits (Conv, PRelu, Add,
// Flatten, Gemm) and for a batch size given when the file is read. Everything
// else in a file is an error that names the node and its operator.
//
// It serves as an independent reader of our files: the third path of the parity
// comparison (internal/parity), and the way to start training from an exported
// file.
package onnxgo
