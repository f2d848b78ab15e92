package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func referenceProduct(m, n, k int, a, b []float32, transA, transB bool) *reference {
	c := newReference(m * n)
	for i := range m {
		for j := range n {
			for x := range k {
				p, q := i*k+x, x*n+j
				if transA {
					p = x*m + i
				}
				if transB {
					q = j*k + x
				}
				c.add(i*n+j, float64(a[p])*float64(b[q]))
			}
		}
	}
	return c
}

var productShapes = [][3]int{
	{1, 1, 1},
	{1, 9, 1},
	{9, 1, 9},
	{2, 4, 8},
	{3, 5, 7},
	{17, 33, 65},
	{1, 40, 600},
	{130, 7, 513},
	{7, 260, 512},
	{131, 259, 19},
}

func TestMatMul(t *testing.T) {
	for _, s := range productShapes {
		m, n, k := s[0], s[1], s[2]
		r := rand.New(rand.NewPCG(1, 2))
		a, b := random(r, m*k), random(r, k*n)
		for _, trans := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
			for _, l := range products() {
				want := referenceProduct(m, n, k, l.rounded(a), l.rounded(b), trans[0], trans[1])
				var first []float32
				for _, threads := range []int{1, 2, 40} {
					t.Run(fmt.Sprintf("%s/%dx%dx%d/transposed=%v/threads=%d", l.name, m, n, k, trans, threads), func(t *testing.T) {
						c := nans(m * n)
						newMatMul(l, m, n, k, trans[0], trans[1], threads).Run(c, a, b)
						want.compare(t, "C", c)
						if first == nil {
							first = c
						}
						sameBits(t, "C with another number of threads", c, first)
					})
				}
			}
		}
	}
}

func TestLinear(t *testing.T) {
	for _, s := range productShapes {
		n, out, in := s[0], s[1], s[2]
		r := rand.New(rand.NewPCG(1, 3))
		x, w, bias, dy := random(r, n*in), random(r, out*in), random(r, out), random(r, n*out)
		for _, v := range products() {
			x16, w16, dy16 := v.rounded(x), v.rounded(w), v.rounded(dy)
			want := referenceProduct(n, out, in, x16, w16, false, true)
			biased := referenceProduct(n, out, in, x16, w16, false, true)
			wantBias := newReference(out)
			for i, v := range dy {
				biased.add(i, float64(bias[i%out]))
				wantBias.add(i%out, float64(v))
			}
			for _, threads := range []int{1, 3} {
				t.Run(fmt.Sprintf("%s/n=%d/in=%d/out=%d/threads=%d", v.name, n, in, out, threads), func(t *testing.T) {
					l := newLinear(v, n, in, out, threads)
					y := nans(n * out)
					l.Forward(y, x, w, nil)
					want.compare(t, "y without bias", y)
					l.Forward(y, x, w, bias)
					biased.compare(t, "y", y)
					dx, dw, dbias := nans(n*in), nans(out*in), nans(out)
					l.Backward(nil, dw, nil, dy, x, w)
					l.Backward(dx, dw, dbias, dy, x, w)
					referenceProduct(n, in, out, dy16, w16, false, false).compare(t, "dx", dx)
					referenceProduct(out, in, n, dy16, x16, true, false).compare(t, "dw", dw)
					wantBias.compare(t, "dbias", dbias)
				})
			}
		}
	}
}

// A value that is no number must reach the whole row of the result and no other.
func TestLinearNotFinite(t *testing.T) {
	for _, n := range []int{3, 12} {
		const in, out = 13, 6
		r := rand.New(rand.NewPCG(1, 3))
		x, w, y := random(r, n*in), random(r, out*in), nans(n*out)
		x[in+5] = float32(math.NaN())
		NewLinear(n, in, out, Float32, 2).Forward(y, x, w, nil)
		for i, v := range y {
			if finite(v) == (i/out == 1) {
				t.Errorf("n=%d: x[1,5] is NaN: y[%d,%d] = %v", n, i/out, i%out, v)
			}
		}
	}
}

func TestProductsAllocate(t *testing.T) {
	const m, n, k = 20, 30, 40
	r := rand.New(rand.NewPCG(1, 3))
	a, b, c, bias := random(r, m*k), random(r, k*n), random(r, m*n), random(r, n)
	p, l, few := NewMatMul(m, n, k, false, false, 2), NewLinear(m, k, n, Float32, 2), NewLinear(2, k, n, Float32, 2)
	if got := testing.AllocsPerRun(20, func() {
		p.Run(c, a, b)
		l.Forward(c, a, b, bias)
		l.Backward(a, b, bias, c, a, b)
		few.Forward(c[:2*n], a[:2*k], b, bias)
	}); got != 0 {
		t.Errorf("a step allocates %v times, want 0", got)
	}
}
