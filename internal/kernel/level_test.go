package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// values are random, with special ones among them.
func values(r *rand.Rand, n int) []float32 {
	x := random(r, n)
	for range n / 7 {
		x[r.IntN(n)] = special[r.IntN(len(special))]
	}
	return x
}

// TestElementwiseLevels compares every level with the portable one, bit by bit:
// these kernels round products and sums one by one, as Go does on amd64.
func TestElementwiseLevels(t *testing.T) {
	for _, l := range levels() {
		for _, n := range []int{1, 7, 16, 31, 100, 1000} {
			t.Run(fmt.Sprintf("%s/%d", l.name, n), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(n), 1))
				const pixels = 5
				z, dy, skip, slope := values(r, n*pixels), values(r, n*pixels), values(r, n*pixels), values(r, n)
				compare := func(name string, f func(*level) [][]float32) {
					t.Helper()
					want := f(portable)
					for i, got := range f(l) {
						for j := range got {
							if !identical(got[j], want[i][j]) {
								t.Fatalf("%s: result %d: [%d] = %v, portable %v: bits %#08x and %#08x", name, i, j, got[j], want[i][j], math.Float32bits(got[j]), math.Float32bits(want[i][j]))
							}
						}
					}
				}
				for i, skip := range [][]float32{nil, skip, nil} {
					stream := i == 2
					compare("activation", func(l *level) [][]float32 {
						y := nans(n * pixels)
						l.runActivation(new(activation), y, z, skip, slope, pixels, 0, n, n, stream)
						return [][]float32{y}
					})
				}
				compare("gradient of the activation", func(l *level) [][]float32 {
					dz, dslope, dbias := nans(pixels*(n+3)), make([]float32, n), make([]float32, n)
					l.runActivationGrad(new(activationGrad), dz, dy, z, slope, dslope, dbias, pixels, n, n+3)
					return [][]float32{dz, dslope, dbias}
				})
				compare("update of the weights", func(l *level) [][]float32 {
					w, v := slices.Clone(z), slices.Clone(dy)
					newTeam(l, 1).SGDStep(w, v, skip, 0.1, 0.9, 5e-4)
					return [][]float32{w, v}
				})
				compare("sum", func(l *level) [][]float32 {
					y := nans(n * pixels)
					l.sum(y, z, dy, 2)
					return [][]float32{y}
				})
			})
		}
	}
}

// identical tells whether two values have the same bits or are both no number,
// of which there are many.
func identical(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || (a != a && b != b)
}

// TestSums compares the dot products and the squares with float64.
func TestSums(t *testing.T) {
	for _, l := range levels() {
		for _, n := range []int{1, 15, 16, 33, 64, 1001} {
			r := rand.New(rand.NewPCG(uint64(n), 2))
			const rows = 6 // one whole group and a part
			x, w := random(r, n), random(r, rows*n)
			want := newReference(rows)
			for i := range rows {
				for j, v := range x {
					want.add(i, float64(v)*float64(w[i*n+j]))
				}
			}
			first, rest := l.dot(new(dots), x, w, 0, dotRows), l.dot(new(dots), x, w, dotRows, rows-dotRows)
			want.compare(t, fmt.Sprintf("%s, %d elements: dot products", l.name, n), append(first[:], rest[:rows-dotRows]...))

			var squares float64
			for _, v := range x {
				squares += float64(v) * float64(v)
			}
			// Squares are exact in float64; sums in another order differ by
			// its roundings.
			if got := newTeam(l, 1).SumSquares(x); !(got-squares < 1e-12*squares && squares-got < 1e-12*squares) {
				t.Errorf("%s, %d elements: sum of squares %v, want %v", l.name, n, got, squares)
			}
		}
	}
}

func TestChoose(t *testing.T) {
	two := []*level{portable, {name: "avx2"}}
	for _, c := range []struct{ ask, want, message string }{
		{"", "avx2", ""},
		{"portable", "portable", ""},
		{"avx2", "avx2", ""},
		{"avx512", "avx2", "SPHEREFACE_KERNEL=avx512: this processor or build has no avx512, only portable, avx2: unset"},
		{"fast", "avx2", "SPHEREFACE_KERNEL=fast: there is no such level: unset the variable or choose one of portable, avx2"},
	} {
		got, err := choose(c.ask, two)
		if got.name != c.want {
			t.Errorf("%q: level %s, want %s", c.ask, got.name, c.want)
		}
		if (err == nil) != (c.message == "") || (err != nil && !strings.Contains(err.Error(), c.message)) {
			t.Errorf("%q: error %v, want %q", c.ask, err, c.message)
		}
	}
}
