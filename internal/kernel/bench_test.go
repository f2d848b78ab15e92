package kernel

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// meter compares a benchmark with what the processor could do: before and after
// it, in the same run, every thread does multiply-adds that wait for nothing.
// Cores that others use, or that heat slows down, slow both.
type meter struct {
	b       *testing.B
	level   *level
	threads int
	before  float64
}

func newMeter(b *testing.B, l *level, threads int) *meter {
	return &meter{b: b, level: l, threads: threads, before: l.peakSpeed(threads)}
}

// report adds the speed of a benchmark whose every iteration is defined by that
// many multiply-adds. Winograd's algorithm does fewer and can exceed the peak.
func (m *meter) report(multiplyAdds int) {
	speed := float64(multiplyAdds) * float64(m.b.N) / m.b.Elapsed().Seconds()
	m.b.ReportMetric(2e-9*speed, "GFLOPS")
	if peak := (m.before + m.level.peakSpeed(m.threads)) / 2; peak > 0 {
		m.b.ReportMetric(100*speed/peak, "%peak")
	}
}

// shape is a convolution with a name.
type benchShape struct {
	name string
	ConvShape
}

// The layers of SphereFace-4, and of the residual units of the deeper members.
var benchShapes = []benchShape{
	{"3x112x96-64s2", ConvShape{C: 3, H: 112, W: 96, OutC: 64, Kernel: 3, Stride: 2, Pad: 1, Y: NHWC}},
	{"64x56x48-128s2", ConvShape{C: 64, H: 56, W: 48, OutC: 128, Kernel: 3, Stride: 2, Pad: 1, X: NHWC, Y: NHWC}},
	{"128x28x24-256s2", ConvShape{C: 128, H: 28, W: 24, OutC: 256, Kernel: 3, Stride: 2, Pad: 1, X: NHWC, Y: NHWC}},
	{"256x14x12-512s2", ConvShape{C: 256, H: 14, W: 12, OutC: 512, Kernel: 3, Stride: 2, Pad: 1, X: NHWC, Y: NHWC}},
	{"64x56x48-64", ConvShape{C: 64, H: 56, W: 48, OutC: 64, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}},
	{"128x28x24-128", ConvShape{C: 128, H: 28, W: 24, OutC: 128, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}},
	{"256x14x12-256", ConvShape{C: 256, H: 14, W: 12, OutC: 256, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}},
	{"512x7x6-512", ConvShape{C: 512, H: 7, W: 6, OutC: 512, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}},
}

// fast are the levels, and that of bf16 where the processor has it.
func fast() []*level {
	if l := bf16Level(best); l != nil {
		return append(levels(), l)
	}
	return levels()
}

func BenchmarkConv(b *testing.B) {
	const images = 32
	threads := runtime.GOMAXPROCS(0)
	for _, l := range fast() {
		for _, s := range benchShapes {
			s.N = images
			b.Run(fmt.Sprintf("%s/%s/forward", l.name, s.name), func(b *testing.B) {
				p, c := randomConv(s.ConvShape, 1), newConv(l, s.ConvShape, threads)
				y := nans(s.outputLen())
				m := newMeter(b, l, threads)
				for b.Loop() {
					c.Forward(y, p.x, p.w, p.bias, p.slope, nil)
				}
				m.report(s.outputLen() * s.depth())
			})
			b.Run(fmt.Sprintf("%s/%s/backward", l.name, s.name), func(b *testing.B) {
				p, c := randomConv(s.ConvShape, 1), newConv(l, s.ConvShape, threads)
				y, dx, dw := nans(s.outputLen()), nans(s.inputLen()), nans(s.weightLen())
				dbias, dslope := nans(s.OutC), nans(s.OutC)
				c.Forward(y, p.x, p.w, p.bias, p.slope, nil)
				multiplyAdds := 2 * s.outputLen() * s.depth()
				if s.C == 3 { // no gradient is passed to the image
					dx, multiplyAdds = nil, multiplyAdds/2
				}
				m := newMeter(b, l, threads)
				for b.Loop() {
					c.Backward(dx, dw, dbias, dslope, p.dy, p.x, p.w, p.slope)
				}
				m.report(multiplyAdds)
			})
		}
	}
}

func BenchmarkLinear(b *testing.B) {
	const in, out = 512 * 7 * 6, 512
	threads := runtime.GOMAXPROCS(0)
	r := rand.New(rand.NewPCG(1, 1))
	w, bias, dw, dbias := random(r, in*out), random(r, out), nans(in*out), nans(out)
	for _, v := range fast() {
		for _, n := range []int{1, 32, 128} {
			x, y, dx := random(r, n*in), nans(n*out), nans(n*in)
			l := newLinear(v, n, in, out, threads)
			b.Run(fmt.Sprintf("%s/n=%d/forward", v.name, n), func(b *testing.B) {
				m := newMeter(b, v, threads)
				for b.Loop() {
					l.Forward(y, x, w, bias)
				}
				m.report(n * in * out)
			})
			b.Run(fmt.Sprintf("%s/n=%d/backward", v.name, n), func(b *testing.B) {
				m := newMeter(b, v, threads)
				for b.Loop() {
					l.Backward(dx, dw, dbias, y, x, w)
				}
				m.report(2 * n * in * out)
			})
		}
	}
}

// BenchmarkMatMul are the products of a head: logits, and the gradients of
// embeddings and classes.
func BenchmarkMatMul(b *testing.B) {
	const n, d, classes = 128, 512, 4038
	threads := runtime.GOMAXPROCS(0)
	r := rand.New(rand.NewPCG(1, 1))
	for _, l := range levels() {
		for _, c := range []struct {
			name           string
			m, n, k        int
			transA, transB bool
		}{
			{"logits", n, classes, d, false, false},
			{"embeddings", n, d, classes, false, true},
			{"classes", d, classes, n, true, false},
		} {
			b.Run(l.name+"/"+c.name, func(b *testing.B) {
				p := newMatMul(l, c.m, c.n, c.k, c.transA, c.transB, threads)
				x, y, z := random(r, c.m*c.k), random(r, c.k*c.n), nans(c.m*c.n)
				m := newMeter(b, l, threads)
				for b.Loop() {
					p.Run(z, x, y)
				}
				m.report(c.m * c.n * c.k)
			})
		}
	}
}

// BenchmarkMemory are the kernels that memory limits, with bytes read and
// written.
func BenchmarkMemory(b *testing.B) {
	const n = 1 << 22
	threads := runtime.GOMAXPROCS(0)
	r := rand.New(rand.NewPCG(1, 1))
	x, y, z := random(r, n), random(r, n), random(r, n)
	for _, l := range levels() {
		team := newTeam(l, threads)
		run := func(name string, tensors int, f func()) {
			b.Run(l.name+"/"+name, func(b *testing.B) {
				b.SetBytes(int64(4 * tensors * n))
				for b.Loop() {
					f()
				}
			})
		}
		run("sgd", 5, func() { team.SGDStep(x, y, z, 1e-6, 0.9, 5e-4) })
		run("add", 3, func() { l.sum(x, y, z, threads) })
		run("squares", 1, func() { team.SumSquares(x) })
	}
	if l := bf16Level(best); l != nil {
		b.Run(l.name+"/pairs", func(b *testing.B) {
			b.SetBytes(6 * n)
			for b.Loop() {
				l.pairUp(y, x)
			}
		})
		b.Run(l.name+"/rows in pairs", func(b *testing.B) {
			b.SetBytes(12 * n)
			for b.Loop() {
				l.pairRows(y, x, z)
			}
		})
	}
	team := NewTeam(threads)
	b.Run("rearrangement", func(b *testing.B) {
		b.SetBytes(8 * n)
		for b.Loop() {
			team.ToNCHW(x, y, n/(64*32), 64, 32)
		}
	})
}
