// Package parity compares three ways of computing the same network: the
// Gorgonia graph that was trained (models/graph), the exported file in ONNX
// Runtime (internal/ort), and the exported file read back by onnx-go
// (internal/onnxgo). It reports the worst absolute difference of every layer
// and of the embedding between each two of them.
//
// Two values agree if they differ by at most 1e-5, or by a thousandth of the
// reference value where that is more, element by element; in a tensor whose
// values are larger than 1 in the root mean square, 1e-5 grows with them.
// Gorgonia is the reference side; between the other two it is ONNX Runtime.
// Float32 sums of some thousand products in another order differ by about 1e-6
// at values around 1, so a wrong stride, layout, slope or weight cannot hide in
// the tolerance, and a change of summation order does not break it.
package parity
