package parity

import (
	"fmt"
	"math"
)

// The tolerance of one value: Absolute, or Relative times the reference value's
// magnitude where that is more. A [Report] scales Absolute: see [Scale].
const (
	Absolute = 1e-5
	Relative = 1e-3
)

// Difference is how far two paths lie apart in one tensor.
type Difference struct {
	Worst float64 // the largest absolute difference; NaN if a value is not a number on either side
	Ratio float64 // the largest quotient of a difference and its tolerance: the tensors agree if it is at most 1
	Index int     // flat index of the value with that quotient
	Want  float32 // that value on the reference side
	Got   float32 // and on the other
}

// Agree tells whether every value lies within its tolerance.
func (d Difference) Agree() bool { return d.Ratio <= 1 }

// Scale is what the absolute tolerance of a tensor is multiplied by: the root
// mean square of the reference values, but at least 1. A sum of float32 products
// is rounded in proportion to its terms and not to what is left of it, so where
// a trained network's values are around 30, those near 0 are 30 times as far off.
func Scale(want []float32) float64 {
	var squares float64
	for _, v := range want {
		squares += float64(v) * float64(v)
	}
	return max(1, math.Sqrt(squares/float64(max(1, len(want)))))
}

// Compare returns how far got lies from want, element by element, with the
// absolute tolerance times scale. It fails if the lengths differ or are 0.
func Compare(want, got []float32, scale float64) (Difference, error) {
	if len(want) != len(got) || len(want) == 0 {
		return Difference{}, fmt.Errorf("parity: %d values against %d", len(got), len(want))
	}
	var d Difference
	for i, w := range want {
		diff := math.Abs(float64(got[i]) - float64(w))
		if math.IsNaN(diff) || math.IsInf(diff, 0) { // no number, or an infinity on one side or both
			return Difference{Worst: math.NaN(), Ratio: math.Inf(1), Index: i, Want: w, Got: got[i]}, nil
		}
		d.Worst = max(d.Worst, diff)
		if ratio := diff / max(Absolute*scale, Relative*math.Abs(float64(w))); ratio > d.Ratio || i == 0 {
			d.Ratio, d.Index, d.Want, d.Got = ratio, i, w, got[i]
		}
	}
	return d, nil
}

// worse returns the one of two differences that counts when results are put
// together: the larger of each figure.
func worse(a, b Difference) Difference {
	worst := max(a.Worst, b.Worst) // NaN if either is
	if b.Ratio > a.Ratio {
		a = b
	}
	a.Worst = worst
	return a
}
