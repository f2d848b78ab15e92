package main

import (
	"fmt"
	"math"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// How far the losses of the two sides may be apart, of their size. Float32 sums
// of a few thousand terms in another order leave about 1e-6; a wrong sign or a
// missing term leaves 1e-2.
const lossTolerance = 1e-4

// The same where our products are of bf16 and PyTorch's of float32: rounding the
// operands moved the first losses of SphereFace-4 and SphereFace-20 by 6e-4 at
// most, when a tile in Go computed them.
const lossToleranceBF16 = 5e-3

// The same for embeddings, which are no means over many images.
const embeddingTolerance = 1e-3

// agree tells whether both sides compute the same: the first loss proves the
// forward pass, those after it gradients and solver too. Our products are of p.
func agree(ours, theirs []float64, p kernel.Precision) error {
	tolerance := lossTolerance
	if p == kernel.BF16 {
		tolerance = lossToleranceBF16
	}
	if len(ours) == 0 || len(ours) != len(theirs) {
		return fmt.Errorf("%d losses of ours and %d of PyTorch's: there is nothing to compare", len(ours), len(theirs))
	}
	for i, a := range ours {
		b := theirs[i]
		if !(math.Abs(a-b) <= tolerance*math.Abs(b)) {
			return fmt.Errorf("the sides do not compute the same: loss of step %d is %v here and %v in PyTorch: their times cannot be compared", i+1, a, b)
		}
	}
	return nil
}

// sameEmbeddings holds embeddings of the same crops against each other. A value
// may differ by embeddingTolerance times the root mean square of all of them.
func sameEmbeddings(ours, theirs []float32) error {
	if len(ours) == 0 || len(ours) != len(theirs) {
		return fmt.Errorf("%d values of ours and %d of ONNX Runtime's: there is nothing to compare", len(ours), len(theirs))
	}
	var squares float64
	for _, v := range theirs {
		squares += float64(v) * float64(v)
	}
	bound := embeddingTolerance * math.Sqrt(squares/float64(len(theirs)))
	for i, a := range ours {
		if b := theirs[i]; !(math.Abs(float64(a)-float64(b)) <= bound) {
			return fmt.Errorf("the sides do not compute the same: value %d of the embeddings is %v here and %v in ONNX Runtime: their times cannot be compared", i, a, b)
		}
	}
	return nil
}
