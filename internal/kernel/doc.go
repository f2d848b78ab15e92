// Package kernel holds the arithmetic of the trainer, in float32: convolutions with
// PReLU, fully connected layers, matrix products, normalised columns and the
// momentum update, each with its gradient.
//
// Tensors are contiguous []float32, NCHW, NHWC or row-major. Work that needs scratch
// memory is a plan (Conv, Linear, MatMul): made once for a shape and a number of
// goroutines, then run many times without allocating. A plan must not be used by
// two goroutines at once. Other functions, such as SGDStep, take a number of
// threads and allocate the few bytes that their goroutines cost; those of a step of
// training are also methods of a Team, which allocate nothing. A wrong length is a
// programmer's error and panics with the name of the tensor.
//
// # How the products are computed
//
// Everything reduces to one function, the tile: a register block of sums over
// rows at any place in memory. A convolution's rows are pixels and its summed
// dimension channels, which lie side by side in NHWC; for the gradient of the
// weights the rows are taps and the summed dimension pixels. See the type tile.
//
// In training, convolutions of 3×3 with stride 1 are made by Winograd's
// algorithm from a quarter of the products, unless those are of bf16. See the
// type winogradPlan.
//
// # Levels
//
// The functions that do the arithmetic exist in Go and, generated, for AVX2 and
// AVX-512; the best that the processor has is chosen at start. All do the same,
// for infinities, NaN and denormals too: products of float32, but for the
// precision BF16, summed in float32, fused where the processor does so. (Where
// Winograd's algorithm is used, a value that is not finite spoils the tile of
// results that it belongs to.)
//
// # Precision
//
// A plan for BF16 makes its products of operands rounded to bfloat16, where the
// processor has AVX512_BF16, and sums them in float32. Tensors, results and all
// else are float32 as ever. A unit of the tile, 4 bytes, is then a pair of bf16
// along the summed dimension, and one instruction does two multiply-adds a lane. It
// rounds to nearest even whatever the processor is set to, raises nothing, and
// takes denormals, also among the sums, for zero.
//
// # Determinism
//
// Work is split over goroutines by fixed rules and partial sums are added in a
// fixed order, so the same level, input and number of threads give the same
// bits. Forward results, data gradients, SGDStep, SumSquares and the matrix
// products do not even depend on the number of threads; weight gradients of a
// convolution do, because each worker sums over its own images.
package kernel
