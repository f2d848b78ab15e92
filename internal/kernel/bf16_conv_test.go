package kernel

import (
	"math"
	"testing"
)

// TestConvBF16Near compares convolutions of bf16 with those of float32. An
// operand moves by 2⁻⁹ of its size at most, half the distance of two numbers of 8
// bits, a product of two by little more than 2⁻⁸, and a sum by that much of the
// sum of magnitudes.
func TestConvBF16Near(t *testing.T) {
	const most = 0x1p-8 + 0x1p-18
	for _, l := range products() {
		if l.unit != 2 {
			continue
		}
		s := ConvShape{N: 3, C: 5, H: 9, W: 7, OutC: 19, Kernel: 3, Stride: 2, Pad: 1}
		p := randomConv(s, 1)
		compute := func(l *level) [3][]float32 {
			c := newConv(l, s, 2)
			y, dx, dw := nans(s.outputLen()), nans(s.inputLen()), nans(s.weightLen())
			c.Forward(y, p.x, p.w, p.bias, nil, nil)
			c.Backward(dx, dw, nil, nil, p.dy, p.x, p.w, nil)
			return [3][]float32{y, dx, dw}
		}
		got, want := compute(l), compute(portable)
		y, _ := referenceConv(s, p.x, p.w, p.bias, nil, nil)
		g := referenceConvGrad(portable, s, p.dy, p.x, p.w, nil, want[0])
		for i, r := range []*reference{y, g.dx, g.dw} {
			var moved float64
			for j, v := range want[i] {
				d := math.Abs(float64(got[i][j]) - float64(v))
				if limit := (most + 50*epsilon) * r.magnitude[j]; !(d <= limit) {
					t.Fatalf("%s: result %d: [%d] = %v, %v in float32 (difference %.3g, limit %.3g)", l.name, i, j, got[i][j], v, d, limit)
				}
				moved = max(moved, d)
			}
			if moved == 0 {
				t.Errorf("%s: result %d is that of float32: nothing was rounded", l.name, i)
			}
		}
	}
}

// The same numbers whatever the threads, where that is promised, and no memory
// taken once the plan has run: as for float32.
func TestConvBF16Plan(t *testing.T) {
	s := ConvShape{N: 5, C: 6, H: 20, W: 18, OutC: 10, Kernel: 3, Stride: 2, Pad: 1, Y: NHWC}
	p := randomConv(s, 3)
	for _, l := range products() {
		if l.unit != 2 {
			continue
		}
		var first [2][]float32
		for _, threads := range []int{1, 2, 9} {
			c := newConv(l, s, threads)
			y, dx, dw := nans(s.outputLen()), nans(s.inputLen()), nans(s.weightLen())
			step := func() {
				c.Forward(y, p.x, p.w, p.bias, p.slope, p.skip)
				c.Backward(dx, dw, nil, nil, p.dy, p.x, p.w, p.slope)
			}
			if n := testing.AllocsPerRun(3, step); n != 0 {
				t.Errorf("%s, %d threads: a step allocates %v times, want 0", l.name, threads, n)
			}
			if first[0] == nil {
				first = [2][]float32{y, dx}
			}
			sameBits(t, l.name+": y with another number of threads", y, first[0])
			sameBits(t, l.name+": dx with another number of threads", dx, first[1])
		}
	}
}

// Products of bf16 stay plain in a shape of which Winograd's algorithm makes
// those of float32.
func TestConvBF16Plain(t *testing.T) {
	s := ConvShape{N: 8, C: 16, H: 12, W: 10, OutC: 16, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}
	for _, l := range products() {
		if got, want := newConv(l, s, 1).gainsFromWinograd(), l.unit == 1; got != want {
			t.Errorf("%s: by Winograd's algorithm: %v, want %v", l.name, got, want)
		}
	}
}
