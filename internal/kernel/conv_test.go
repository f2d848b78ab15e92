package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// convTensors is a random problem.
type convTensors struct{ x, w, bias, slope, skip, dy []float32 }

func randomConv(s ConvShape, seed uint64) convTensors {
	r := rand.New(rand.NewPCG(seed, 1))
	t := convTensors{
		x: random(r, s.inputLen()), w: random(r, s.weightLen()), bias: random(r, s.OutC),
		slope: random(r, s.OutC), skip: random(r, s.outputLen()), dy: random(r, s.outputLen()),
	}
	for i := range t.slope {
		t.slope[i] *= 0.25
	}
	return t
}

// checkConv compares forward and backward with the definition, in both layouts.
func checkConv(t *testing.T, l *level, s ConvShape, threads int) {
	t.Helper()
	p := randomConv(s, 7)
	checkConvOf(t, l, s, threads, p)
	// With every slope positive and nothing added, y is kept in place of z.
	for i, v := range p.slope {
		p.slope[i] = 0.01 + float32(math.Abs(float64(v)))
	}
	p.skip = nil
	checkConvOf(t, l, s, threads, p)
}

func checkConvOf(t *testing.T, l *level, s ConvShape, threads int, p convTensors) {
	t.Helper()
	c := newConvByWinograd(l, s, threads)
	in := func(x []float32) []float32 { return arranged(x, s.X, s.N, s.C, s.H*s.W) }
	out := func(y []float32) []float32 { return arranged(y, s.Y, s.N, s.OutC, s.pixels()) }
	x, skip, dy := in(p.x), p.skip, out(p.dy)
	if skip != nil {
		skip = out(skip)
	}
	y := make([]float32, s.outputLen())
	_, want := referenceConv(s, l.rounded(p.x), l.rounded(p.w), p.bias, p.slope, p.skip)
	c.Pack(p.w)
	c.Infer(y, x, p.bias, p.slope, skip)
	want.compare(t, "y of Infer", planes(y, s.Y, s.N, s.OutC, s.pixels()))
	clear(y)
	c.Forward(y, x, p.w, p.bias, p.slope, skip)
	tolerant := func(r *reference) *reference {
		if c.winograd != nil {
			return r.mixed()
		}
		return r
	}
	tolerant(want).compare(t, "y", planes(y, s.Y, s.N, s.OutC, s.pixels()))

	dx, dw := nans(s.inputLen()), nans(s.weightLen())
	dbias, dslope := nans(s.OutC), nans(s.OutC)
	c.Backward(dx, dw, dbias, dslope, dy, x, p.w, p.slope)
	g := referenceConvGrad(l, s, p.dy, p.x, p.w, p.slope, planes(c.kept, NHWC, s.N, s.OutC, s.pixels()))
	if !c.keptZ() {
		for i, o := range g.dslope.value {
			g.dslope.value[i], g.dslope.magnitude[i] = o/float64(p.slope[i]), g.dslope.magnitude[i]/float64(p.slope[i])
		}
	}
	tolerant(g.dx).compare(t, "dx", planes(dx, s.X, s.N, s.C, s.H*s.W))
	tolerant(g.dw).compare(t, "dw", dw)
	g.dbias.compare(t, "dbias", dbias)
	g.dslope.compare(t, "dslope", dslope)

	// Without anything that may be left out; twice, since results overwrite.
	_, want = referenceConv(s, l.rounded(p.x), l.rounded(p.w), nil, nil, nil)
	c.Forward(y, x, p.w, nil, nil, nil)
	tolerant(want).compare(t, "y of the bare convolution", planes(y, s.Y, s.N, s.OutC, s.pixels()))
	c.Backward(nil, dw, nil, nil, dy, x, p.w, nil)
	z := planes(c.kept, NHWC, s.N, s.OutC, s.pixels())
	tolerant(referenceConvGrad(l, s, p.dy, p.x, p.w, nil, z).dw).compare(t, "dw of the bare convolution", dw)
}

// newConvByWinograd makes a plan that uses Winograd's algorithm where it fits,
// also where it gains nothing.
func newConvByWinograd(l *level, s ConvShape, threads int) *Conv {
	c := newConv(l, s, threads)
	if c.fitsWinograd() {
		c.prepareWinograd()
	}
	return c
}

// arranged returns images in NCHW in another layout.
func arranged(x []float32, to Layout, n, channels, size int) []float32 {
	if to == NCHW {
		return x
	}
	y := make([]float32, len(x))
	NewTeam(2).ToNHWC(y, x, n, channels, size)
	return y
}

// planes returns images of a layout in NCHW.
func planes(x []float32, from Layout, n, channels, size int) []float32 {
	if from == NCHW {
		return x
	}
	y := make([]float32, len(x))
	NewTeam(2).ToNCHW(y, x, n, channels, size)
	return y
}

// nans returns a tensor whose every element has yet to be written.
func nans(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(math.NaN())
	}
	return x
}

func TestConv(t *testing.T) {
	for _, s := range []ConvShape{
		{N: 1, C: 1, H: 1, W: 1, OutC: 1, Kernel: 1, Stride: 1},
		{N: 2, C: 3, H: 14, W: 12, OutC: 8, Kernel: 3, Stride: 2, Pad: 1}, // the first layer, in small
		{N: 3, C: 16, H: 14, W: 12, OutC: 32, Kernel: 3, Stride: 2, Pad: 1},
		{N: 7, C: 8, H: 7, W: 6, OutC: 8, Kernel: 3, Stride: 1, Pad: 1}, // a residual unit
		{N: 2, C: 17, H: 5, W: 9, OutC: 3, Kernel: 1, Stride: 1},        // pointwise, odd channels
		{N: 2, C: 3, H: 6, W: 5, OutC: 5, Kernel: 1, Stride: 2, Pad: 1}, // padding without need
		{N: 1, C: 2, H: 11, W: 13, OutC: 4, Kernel: 5, Stride: 3, Pad: 2},
		{N: 2, C: 1, H: 2, W: 2, OutC: 1, Kernel: 3, Stride: 1, Pad: 3}, // outputs that see nothing but padding
		{N: 1, C: 2, H: 1, W: 40, OutC: 2, Kernel: 3, Stride: 2, Pad: 1},
		{N: 1, C: 2, H: 40, W: 1, OutC: 2, Kernel: 3, Stride: 2, Pad: 1},
		{N: 1, C: 1, H: 3, W: 3, OutC: 1, Kernel: 3, Stride: 5}, // the stride is longer than the image
		{N: 1, C: 2, H: 4, W: 4, OutC: 3, Kernel: 4, Stride: 1, Pad: 1},
		{N: 2, C: 40, H: 30, W: 28, OutC: 6, Kernel: 3, Stride: 1, Pad: 1}, // several blocks of pixels
		{N: 3, C: 64, H: 30, W: 28, OutC: 3, Kernel: 3, Stride: 2, Pad: 1}, // likewise, with images in pairs
	} {
		for i, threads := range []int{1, 2, 5} {
			if testing.Short() && threads != 5 { // the race detector makes the float64 sums slow
				continue
			}
			for _, l := range products() {
				s := s
				s.X, s.Y = Layout(i&1), Layout((i+1)/2&1)
				t.Run(fmt.Sprintf("%s/%+v/threads=%d", l.name, s, threads), func(t *testing.T) { checkConv(t, l, s, threads) })
			}
		}
	}
}

func FuzzConv(f *testing.F) {
	f.Add(uint8(2), uint8(3), uint8(9), uint8(8), uint8(5), uint8(3), uint8(2), uint8(1), uint8(2), uint8(0))
	f.Add(uint8(1), uint8(1), uint8(1), uint8(1), uint8(1), uint8(1), uint8(1), uint8(0), uint8(1), uint8(0))
	f.Add(uint8(4), uint8(17), uint8(5), uint8(21), uint8(9), uint8(5), uint8(3), uint8(4), uint8(7), uint8(0))
	f.Add(uint8(2), uint8(1), uint8(6), uint8(5), uint8(2), uint8(0), uint8(0), uint8(0), uint8(3), uint8(1))
	f.Fuzz(func(t *testing.T, n, c, h, w, o, k, s, p, threads, kind uint8) {
		shape := ConvShape{
			N: 1 + int(n%5), C: 1 + int(c%20), H: 1 + int(h%13), W: 1 + int(w%13), OutC: 1 + int(o%20),
			Kernel: 1 + int(k%5), Stride: 1 + int(s%4), Pad: int(p % 6),
		}
		shape.X, shape.Y = Layout(n>>7), Layout(c>>7)
		if kind%2 == 1 { // what Winograd's algorithm takes; fewer pixels make up for more channels
			shape = ConvShape{
				N: 1 + int(n%2), C: winogradVector * (1 + int(c%2)), H: 1 + int(h%7), W: 1 + int(w%7),
				OutC: winogradVector * (1 + int(o%2)), Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC,
			}
		}
		if min(shape.H, shape.W)+2*shape.Pad < shape.Kernel {
			t.Skip("the kernel is larger than the padded image")
		}
		// One level an input: the sums in float64 take the time.
		l := products()[int(kind/2)%len(products())]
		checkConv(t, l, shape, 1+int(threads%6))
	})
}
