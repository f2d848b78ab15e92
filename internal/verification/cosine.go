package verification

import (
	"fmt"
	"math"
)

// Cosine returns the cosine of the angle between two vectors of the same length,
// from -1 to 1. Sums are taken in float64, so that the result does not depend on
// the length of the vectors beyond float32's own rounding, and a vector compared
// with itself gives exactly 1.
//
// The cosine with a zero vector, or with one that holds a value that is not
// finite, is not defined: the result is then NaN, which fails every comparison
// with a threshold and which [Evaluate] refuses. Vectors of different lengths are
// a programming error and panic.
func Cosine(a, b []float32) float64 {
	if len(a) != len(b) {
		panic(fmt.Sprintf("verification: cosine of vectors of %d and %d values", len(a), len(b)))
	}
	var aa, bb, ab float64
	for i, x := range a {
		x, y := float64(x), float64(b[i])
		aa += x * x
		bb += y * y
		ab += x * y
	}
	// The squares of float32 values stay far inside float64's range, also after
	// the product, so that nothing overflows here that was finite.
	norm := math.Sqrt(aa * bb)
	if norm == 0 || math.IsInf(norm, 0) || math.IsNaN(norm) {
		return math.NaN()
	}
	return max(-1, min(1, ab/norm))
}
