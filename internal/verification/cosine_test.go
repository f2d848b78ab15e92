package verification

import (
	"math"
	"testing"
)

func TestCosine(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		name string
		a, b []float32
		want float64
	}{
		{"same direction", []float32{3, 4}, []float32{6, 8}, 1},
		{"opposite", []float32{3, 4}, []float32{-3, -4}, -1},
		{"right angle", []float32{1, 0}, []float32{0, 7}, 0},
		{"3-4-5 triangle", []float32{1, 0}, []float32{3, 4}, 0.6},
		{"largest values", []float32{math.MaxFloat32, 0}, []float32{math.MaxFloat32, math.MaxFloat32}, math.Sqrt2 / 2},
		{"smallest values", []float32{math.SmallestNonzeroFloat32, 0}, []float32{math.SmallestNonzeroFloat32, 0}, 1},
		{"zero", []float32{0, 0}, []float32{1, 2}, math.NaN()},
		{"NaN", []float32{nan, 1}, []float32{1, 2}, math.NaN()},
		{"infinity", []float32{inf, 1}, []float32{1, 2}, math.NaN()},
		{"empty", nil, nil, math.NaN()},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Cosine(c.a, c.b)
			if math.IsNaN(c.want) != math.IsNaN(got) || math.Abs(got-c.want) > 1e-15 { // a few float64 roundings
				t.Errorf("Cosine(%v, %v) = %v, want %v", c.a, c.b, got, c.want)
			}
		})
	}
}

// A vector is exactly as similar to itself as can be, whatever its values, so that
// a threshold of 1 accepts it.
func TestCosineOfItselfIsOne(t *testing.T) {
	v := make([]float32, 1024)
	for scale := float32(1e-30); scale < 1e30; scale *= 10 {
		for i := range v {
			v[i] = scale * float32(math.Sin(float64(i*i)))
		}
		if got := Cosine(v, v); got != 1 {
			t.Errorf("scale %g: %v, want exactly 1", scale, got)
		}
	}
}

func TestCosinePanicsOnLengths(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic for vectors of 2 and 3 values")
		}
	}()
	Cosine(make([]float32, 2), make([]float32, 3))
}
