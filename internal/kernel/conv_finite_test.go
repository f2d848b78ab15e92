package kernel

import (
	"math"
	"testing"
)

// A value that is no number must reach everything that depends on it, and
// nothing else.
func TestConvNotFinite(t *testing.T) {
	s := ConvShape{N: 2, C: 3, H: 7, W: 9, OutC: 5, Kernel: 3, Stride: 2, Pad: 1}
	for _, l := range products() {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			p := randomConv(s, 5)
			const at = 41
			p.x[at] = float32(bad)
			c := newConv(l, s, 2)
			y := nans(s.outputLen())
			c.Forward(y, p.x, p.w, p.bias, p.slope, nil)
			depends := make([]bool, len(y))
			weight := make([]bool, len(p.w))
			eachProduct(s, func(iy, ix, iw int) {
				if ix == at {
					depends[iy] = true
					weight[iw] = true
				}
			})
			for i, v := range y {
				if finite(v) == depends[i] {
					t.Errorf("%s: x[%d] = %v: y[%d] = %v, depends on it: %v", l.name, at, bad, i, v, depends[i])
				}
			}
			dx, dw, dbias, dslope := nans(len(p.x)), nans(len(p.w)), nans(s.OutC), nans(s.OutC)
			c.Backward(dx, dw, dbias, dslope, p.dy, p.x, p.w, p.slope)
			for i, v := range dw {
				if finite(v) == weight[i] {
					t.Errorf("%s: x[%d] = %v: dw[%d] = %v, depends on it: %v", l.name, at, bad, i, v, weight[i])
				}
			}
		}
	}
}

func finite(v float32) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
