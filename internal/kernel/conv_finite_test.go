package kernel

import (
	"math"
	"slices"
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

// TestWinogradNotFinite compares what is not finite at every level with the
// portable one, where a tile spreads it over more than what depends on it. The
// NaN lies at the edge of a tile, where it belongs to fewer points than inside,
// and 3e38 inside, where some of its points overflow by far, however they are
// rounded, and reach every result of the tile.
func TestWinogradNotFinite(t *testing.T) {
	s := ConvShape{N: 3, C: 16, H: 13, W: 11, OutC: 16, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}
	p := randomConv(s, 5)
	pixel := func(image, row, col, channel int) int { return ((image*s.H+row)*s.W+col)*s.C + channel }
	p.x[pixel(0, 3, 3, 2)] = float32(math.NaN())
	p.x[pixel(0, 10, 9, 5)] = float32(math.Inf(1))
	p.x[pixel(1, 5, 5, 11)] = 3e38
	compute := func(l *level) [][]float32 {
		c := newConv(l, s, 2)
		c.prepareWinograd()
		y, dx, dw := nans(s.outputLen()), nans(s.inputLen()), nans(s.weightLen())
		c.Forward(y, p.x, p.w, p.bias, p.slope, nil)
		c.Backward(dx, dw, nil, nil, p.dy, p.x, p.w, p.slope)
		return [][]float32{y, dx, dw}
	}
	want := compute(portable)
	for i, some := range []bool{true, false, true} {
		if bad := slices.ContainsFunc(want[i], func(v float32) bool { return !finite(v) }); bad != some {
			t.Errorf("portable: result %d holds values that are not finite: %v, want %v", i, bad, some)
		}
	}
	for _, v := range want[0][pixel(2, 0, 0, 0):] {
		if !finite(v) {
			t.Fatalf("portable: y of an image that is finite holds %v", v)
		}
	}
	for _, l := range levels() {
		for i, got := range compute(l) {
			for j, v := range got {
				if finite(v) != finite(want[i][j]) {
					t.Fatalf("%s: result %d: [%d] = %v, portable %v", l.name, i, j, v, want[i][j])
				}
			}
		}
	}
}

// sameKind tells whether two values are both finite, both no number, or the same
// infinity.
func sameKind(a, b float32) bool {
	if finite(a) {
		return finite(b)
	}
	return sameValue(a, b)
}

func finite(v float32) bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }
