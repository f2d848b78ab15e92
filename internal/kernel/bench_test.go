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

// fast are the levels, and that of bf16 where the processor has it.
func fast() []*level {
	if l := bf16Level(best); l != nil {
		return append(levels(), l)
	}
	return levels()
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
