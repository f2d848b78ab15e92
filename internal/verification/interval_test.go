package verification

import (
	"math"
	"testing"
)

// The formula's values, worked out in another language.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		n, k      int
		low, high float64
	}{{10, 0, 0, 0.2775}, {10, 1, 0.0179, 0.4042}, {1, 1, 0.2065, 1}, {500, 30, 0.0423, 0.0844}} {
		low, high := Wilson(c.n, c.k)
		if math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("%d of %d: %.4f to %.4f, want %.4f to %.4f", c.k, c.n, low, high, c.low, c.high)
		}
	}
}
