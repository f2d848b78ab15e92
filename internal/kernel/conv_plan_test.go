package kernel

import (
	"fmt"
	"math"
	"testing"
)

func TestConvDeterministic(t *testing.T) {
	for _, l := range fast() {
		for _, s := range []ConvShape{
			{N: 5, C: 6, H: 20, W: 18, OutC: 10, Kernel: 3, Stride: 2, Pad: 1},                    // several images in a block of pixels
			{N: 5, C: 2, H: 40, W: 31, OutC: 6, Kernel: 3, Stride: 1, Pad: 1},                     // several blocks in an image
			{N: 5, C: 16, H: 13, W: 12, OutC: 32, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}, // Winograd's algorithm
		} {
			t.Run(fmt.Sprintf("%s/%+v", l.name, s), func(t *testing.T) { checkDeterministic(t, l, s) })
		}
	}
}

// checkDeterministic runs a plan again, others like it, and some with other
// numbers of threads.
func checkDeterministic(t *testing.T, l *level, s ConvShape) {
	p := randomConv(s, 3)
	type result struct{ y, dx, dw, dbias, dslope []float32 }
	compute := func(c *Conv) result {
		r := result{nans(s.outputLen()), nans(s.inputLen()), nans(s.weightLen()), nans(s.OutC), nans(s.OutC)}
		c.Forward(r.y, p.x, p.w, p.bias, p.slope, p.skip)
		c.Backward(r.dx, r.dw, r.dbias, r.dslope, p.dy, p.x, p.w, p.slope)
		return r
	}
	c := newConv(l, s, 3)
	first := compute(c)
	for range 3 {
		for _, again := range []result{compute(c), compute(newConv(l, s, 3))} {
			sameBits(t, "y", again.y, first.y)
			sameBits(t, "dx", again.dx, first.dx)
			sameBits(t, "dw", again.dw, first.dw)
			sameBits(t, "dbias", again.dbias, first.dbias)
			sameBits(t, "dslope", again.dslope, first.dslope)
		}
	}
	for _, threads := range []int{1, 2, 4, 9} {
		other := compute(newConv(l, s, threads))
		sameBits(t, "y with another number of threads", other.y, first.y)
		sameBits(t, "dx with another number of threads", other.dx, first.dx)
	}
}

func sameBits(t *testing.T, name string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s[%d] = %v, then %v", name, i, want[i], got[i])
		}
	}
}

func TestConvAllocates(t *testing.T) {
	for _, s := range []ConvShape{
		{N: 4, C: 5, H: 12, W: 10, OutC: 6, Kernel: 3, Stride: 1, Pad: 1},
		{N: 8, C: 16, H: 12, W: 10, OutC: 16, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC},
	} {
		p := randomConv(s, 1)
		c := NewConv(s, ConvOptions{Threads: 2})
		y, dx, dw := nans(s.outputLen()), nans(s.inputLen()), nans(s.weightLen())
		dbias, dslope := nans(s.OutC), nans(s.OutC)
		if n := testing.AllocsPerRun(20, func() {
			c.Forward(y, p.x, p.w, p.bias, p.slope, p.skip)
			c.Backward(dx, dw, dbias, dslope, p.dy, p.x, p.w, p.slope)
			c.Infer(y, p.x, p.bias, p.slope, p.skip)
		}); n != 0 {
			t.Errorf("%+v: a step allocates %v times, want 0", s, n)
		}
	}
}
