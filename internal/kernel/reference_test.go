package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// epsilon is half the distance between 1 and the next float32: the relative
// error of one rounding.
const epsilon = 1.0 / (1 << 24)

func random(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// reference holds a tensor computed in float64 and, for each element, the
// number of products that were summed and the sum of their magnitudes.
type reference struct {
	value, magnitude []float64
	terms            []float64
}

func newReference(n int) *reference {
	return &reference{make([]float64, n), make([]float64, n), make([]float64, n)}
}

func (r *reference) add(i int, v float64) {
	r.value[i] += v
	r.magnitude[i] += math.Abs(v)
	r.terms[i]++
}

// compare fails unless every element is as close as float32 can promise: n
// rounded products, summed with n roundings, err by a random walk of about √n
// roundings of the sum of magnitudes (Higham, "Accuracy and Stability of
// Numerical Algorithms", chapter 3, gives n in the worst case). The walk is
// granted 4 standard deviations and as much again for the few roundings outside
// the sum.
func (r *reference) compare(t *testing.T, name string, got []float32) {
	t.Helper()
	if len(got) != len(r.value) {
		t.Fatalf("%s: %d elements, want %d", name, len(got), len(r.value))
	}
	for i, want := range r.value {
		limit := epsilon * r.magnitude[i] * (4*math.Sqrt(r.terms[i]) + 4)
		if d := math.Abs(float64(got[i]) - want); !(d <= limit) {
			t.Fatalf("%s[%d] = %v, want %v (difference %.3g, limit %.3g)", name, i, got[i], want, d, limit)
		}
	}
}

// mixed is the reference of a result of Winograd's algorithm, whose tiles mix the
// sums of their elements: each may err as the largest one does. On random data
// the error is six times that of plain sums in root mean square, which is
// granted on top.
func (r *reference) mixed() *reference {
	const slack = 6
	m := &reference{value: r.value, magnitude: slices.Clone(r.magnitude), terms: r.terms}
	largest := slack * slices.Max(r.magnitude)
	for i := range m.magnitude {
		m.magnitude[i] = largest
	}
	return m
}

// eachProduct calls f with the indices of y, x and w for every product.
func eachProduct(s ConvShape, f func(y, x, w int)) {
	oh, ow := s.OutH(), s.OutW()
	for n := range s.N {
		for o := range s.OutC {
			for i := range oh {
				for j := range ow {
					y := ((n*s.OutC+o)*oh+i)*ow + j
					for c := range s.C {
						for a := range s.Kernel {
							for b := range s.Kernel {
								h, w := i*s.Stride+a-s.Pad, j*s.Stride+b-s.Pad
								if h < 0 || w < 0 || h >= s.H || w >= s.W {
									continue
								}
								f(y, ((n*s.C+c)*s.H+h)*s.W+w, ((o*s.C+c)*s.Kernel+a)*s.Kernel+b)
							}
						}
					}
				}
			}
		}
	}
}

// referenceConv is the definition of the convolution, in float64.
func referenceConv(s ConvShape, x, w, bias, slope, skip []float32) (z, y *reference) {
	z, y = newReference(s.outputLen()), newReference(s.outputLen())
	eachProduct(s, func(iy, ix, iw int) { z.add(iy, float64(x[ix])*float64(w[iw])) })
	for i := range z.value {
		o := i / s.pixels() % s.OutC
		if bias != nil {
			z.add(i, float64(bias[o]))
		}
		v := z.value[i]
		if slope != nil && !(v > 0) {
			v *= float64(slope[o])
		}
		y.add(i, v)
		if skip != nil {
			y.add(i, float64(skip[i]))
		}
		y.magnitude[i] += z.magnitude[i]
		y.terms[i] += z.terms[i]
	}
	return z, y
}

type convGradients struct{ dx, dw, dbias, dslope *reference }

// referenceConvGrad is the definition of the gradients, in float64. It takes the
// sign of the pre-activation from z, as the kernel computed it: next to zero,
// float64 may disagree. Products are of x, w and the gradient of z as the level
// multiplies them.
func referenceConvGrad(l *level, s ConvShape, dy, x, w, slope, z []float32) convGradients {
	g := convGradients{newReference(len(x)), newReference(len(w)), newReference(s.OutC), newReference(s.OutC)}
	dz := make([]float64, len(dy))
	for i := range dy {
		o := i / s.pixels() % s.OutC
		dz[i] = float64(dy[i])
		if slope != nil && !(z[i] > 0) {
			dz[i] *= float64(slope[o])
			g.dslope.add(o, float64(dy[i])*float64(z[i]))
		}
		g.dbias.add(o, dz[i])
		if l.unit == 2 {
			dz[i] = float64(l.rounded([]float32{float32(dz[i])})[0])
		}
	}
	x, w = l.rounded(x), l.rounded(w)
	eachProduct(s, func(iy, ix, iw int) {
		g.dx.add(ix, dz[iy]*float64(w[iw]))
		g.dw.add(iw, dz[iy]*float64(x[ix]))
	})
	return g
}
