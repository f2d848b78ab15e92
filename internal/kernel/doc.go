// Package kernel holds the float32 arithmetic of the trainer: convolutions with
// PReLU, fully connected layers, matrix products, normalised columns and the
// momentum update, each with its gradient.
//
// Tensors are contiguous []float32, NCHW or row-major. Work that needs scratch
// memory is a plan (Conv, Linear, MatMul): made once for a shape and a number of
// goroutines, then run many times without allocating. A plan must not be used by
// two goroutines at once. Functions without a plan, such as SGDStep, allocate the
// few bytes that their goroutines cost. A wrong length is a programmer's error and
// panics with the name of the tensor.
//
// # How the products are computed
//
// Everything reduces to one micro-kernel that multiplies two rows by four
// columns and keeps the eight sums in registers. Its operands are panels: for
// each step of eight along the summed dimension, eight consecutive values of
// each row of the panel, so that a panel is read from front to back. The
// convolution packs its panels straight from the image for a few hundred output
// pixels at a time (an implicit matrix product); the matrix of all unfolded
// patches never exists.
//
// # Determinism
//
// Work is split over goroutines by fixed rules and partial sums are added in a
// fixed order, so the same input and number of threads give the same bits.
// Forward results, data gradients, SGDStep, SumSquares and the matrix products
// do not even depend on the number of threads; weight gradients of a
// convolution do, because each worker sums over its own images.
package kernel
