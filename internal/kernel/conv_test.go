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
	c := newConv(l, s, threads)
	if c.fitsWinograd() { // also where it gains nothing
		c.prepareWinograd()
	}
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

// arranged returns images in NCHW in another layout.
func arranged(x []float32, to Layout, n, channels, size int) []float32 {
	if to == NCHW {
		return x
	}
	y := make([]float32, len(x))
	ToNHWC(y, x, n, channels, size, 2)
	return y
}

// planes returns images of a layout in NCHW.
func planes(x []float32, from Layout, n, channels, size int) []float32 {
	if from == NCHW {
		return x
	}
	y := make([]float32, len(x))
	ToNCHW(y, x, n, channels, size, 2)
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
			for _, l := range products() {
				s := s
				s.X, s.Y = Layout(i&1), Layout((i+1)/2&1)
				t.Run(fmt.Sprintf("%s/%+v/threads=%d", l.name, s, threads), func(t *testing.T) { checkConv(t, l, s, threads) })
			}
		}
	}
}

func FuzzConv(f *testing.F) {
	f.Add(uint8(2), uint8(3), uint8(9), uint8(8), uint8(5), uint8(3), uint8(2), uint8(1), uint8(2))
	f.Add(uint8(1), uint8(1), uint8(1), uint8(1), uint8(1), uint8(1), uint8(1), uint8(0), uint8(1))
	f.Add(uint8(4), uint8(17), uint8(5), uint8(21), uint8(9), uint8(5), uint8(3), uint8(4), uint8(7))
	f.Fuzz(func(t *testing.T, n, c, h, w, o, k, s, p, threads uint8) {
		shape := ConvShape{
			N: 1 + int(n%5), C: 1 + int(c%20), H: 1 + int(h%13), W: 1 + int(w%13), OutC: 1 + int(o%20),
			Kernel: 1 + int(k%5), Stride: 1 + int(s%4), Pad: int(p % 6),
		}
		if min(shape.H, shape.W)+2*shape.Pad < shape.Kernel {
			t.Skip("the kernel is larger than the padded image")
		}
		shape.X, shape.Y = Layout(n>>7), Layout(c>>7)
		for _, l := range products() {
			checkConv(t, l, shape, 1+int(threads%6))
		}
	})
}

// TestWinograd runs every form of a tile at the edges, and several numbers of
// channels, images and threads.
func TestWinograd(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	shapes := []ConvShape{{N: 1, H: 33, W: 31, C: 16, OutC: 16}} // several blocks in an image
	for h := 4; h < 10; h++ {
		for w := 4; w < 10; w++ {
			shapes = append(shapes, ConvShape{N: 1 + r.IntN(4), H: h, W: w, C: 16 * (1 + r.IntN(4)), OutC: 16 * (1 + r.IntN(3))})
		}
	}
	for _, s := range shapes {
		s.Kernel, s.Stride, s.Pad, s.X, s.Y = 3, 1, 1, NHWC, NHWC
		threads := 1 + r.IntN(6)
		for _, l := range levels() {
			t.Run(fmt.Sprintf("%s/%+v/threads=%d", l.name, s, threads), func(t *testing.T) {
				checkConvOf(t, l, s, threads, randomConv(s, 7))
			})
		}
	}
}

// The gradients that the kernels are compared with must be the derivatives of
// the convolution that they are compared with: central differences in float64.
// The sum of dy·y is linear in x and in w between two kinks, so that the
// differences are exact but for rounding; dslope uses z rounded to float32.
func TestReferenceGradient(t *testing.T) {
	s := ConvShape{N: 2, C: 3, H: 5, W: 4, OutC: 2, Kernel: 3, Stride: 2, Pad: 1}
	p := randomConv(s, 11)
	loss := func() (sum float64) {
		_, y := referenceConv(s, p.x, p.w, p.bias, p.slope, p.skip)
		for i, v := range y.value {
			sum += v * float64(p.dy[i])
		}
		return sum
	}
	zs, _ := referenceConv(s, p.x, p.w, p.bias, p.slope, p.skip)
	z := make([]float32, len(zs.value))
	for i, v := range zs.value {
		z[i] = float32(v)
	}
	g := referenceConvGrad(portable, s, p.dy, p.x, p.w, p.slope, z)
	for _, tensor := range []struct {
		name  string
		value []float32
		grad  *reference
	}{{"x", p.x, g.dx}, {"w", p.w, g.dw}, {"bias", p.bias, g.dbias}, {"slope", p.slope, g.dslope}} {
		for i, v := range tensor.value {
			tensor.value[i] = v + 1e-4
			above, high := loss(), tensor.value[i]
			tensor.value[i] = v - 1e-4
			below, low := loss(), tensor.value[i]
			tensor.value[i] = v
			got := (above - below) / (float64(high) - float64(low))
			if math.Abs(got-tensor.grad.value[i]) > 2*epsilon*(1+tensor.grad.magnitude[i]) {
				t.Errorf("d%s[%d] = %v, by differences %v", tensor.name, i, tensor.grad.value[i], got)
			}
		}
	}
}

func TestConvDeterministic(t *testing.T) {
	for _, s := range []ConvShape{
		{N: 5, C: 6, H: 20, W: 18, OutC: 10, Kernel: 3, Stride: 2, Pad: 1},                    // several images in a block of pixels
		{N: 5, C: 2, H: 40, W: 31, OutC: 6, Kernel: 3, Stride: 1, Pad: 1},                     // several blocks in an image
		{N: 5, C: 16, H: 13, W: 12, OutC: 32, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}, // Winograd's algorithm
	} {
		p := randomConv(s, 3)
		type result struct{ y, dx, dw, dbias, dslope []float32 }
		compute := func(c *Conv) result {
			r := result{nans(s.outputLen()), nans(s.inputLen()), nans(s.weightLen()), nans(s.OutC), nans(s.OutC)}
			c.Forward(r.y, p.x, p.w, p.bias, p.slope, p.skip)
			c.Backward(r.dx, r.dw, r.dbias, r.dslope, p.dy, p.x, p.w, p.slope)
			return r
		}
		c := NewConv(s, ConvOptions{Threads: 3})
		first := compute(c)
		for range 3 {
			for _, again := range []result{compute(c), compute(NewConv(s, ConvOptions{Threads: 3}))} {
				sameBits(t, "y", again.y, first.y)
				sameBits(t, "dx", again.dx, first.dx)
				sameBits(t, "dw", again.dw, first.dw)
				sameBits(t, "dbias", again.dbias, first.dbias)
				sameBits(t, "dslope", again.dslope, first.dslope)
			}
		}
		for _, threads := range []int{1, 2, 4, 9} {
			other := compute(NewConv(s, ConvOptions{Threads: threads}))
			sameBits(t, "y with another number of threads", other.y, first.y)
			sameBits(t, "dx with another number of threads", other.dx, first.dx)
		}
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
