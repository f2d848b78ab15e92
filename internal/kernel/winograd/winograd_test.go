package winograd

import (
	"math"
	"testing"
)

// In one dimension the algorithm is bilinear: it is right for all signals and
// filters if it is for all pairs of unit vectors.
func TestFiltering(t *testing.T) {
	b, g, a := InputTransform(), FilterTransform(), ResultTransform()
	for in := range Inputs {
		for tap := range Taps {
			for out := range Results {
				want := 0.0
				if in == out+tap {
					want = 1
				}
				var got float64
				for p := range Inputs {
					got += a[out][p] * g[p][tap] * b[p][in]
				}
				if math.Abs(got-want) > 1e-14 { // thirds and fifteenths are rounded
					t.Errorf("input %d, tap %d, result %d: %v, want %v", in, tap, out, got, want)
				}
			}
		}
	}
	for i, row := range a {
		if row[BiasPoint] != 1 {
			t.Errorf("result %d takes %v of the bias's point, want 1", i, row[BiasPoint])
		}
	}
}
