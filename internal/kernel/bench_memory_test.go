package kernel

import (
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/sphereface-go/sphereface/internal/kernel/winograd"
)

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
	// What follows has one form for all levels.
	team := NewTeam(threads)
	b.Run("rearrangement", func(b *testing.B) {
		b.SetBytes(8 * n)
		for b.Loop() {
			team.ToNCHW(x, y, n/(64*32), 64, 32)
		}
	})
	const channels, size = 64, 56 * 48
	const images = n / (channels * size)
	maps := x[:images*channels*size]
	slope, dslope := random(r, channels), nans(channels)
	b.Run("PReLU", func(b *testing.B) {
		b.SetBytes(int64(8 * len(maps)))
		for b.Loop() {
			PReLU(z[:len(maps)], maps, slope, images, size, threads)
		}
	})
	b.Run("PReLU gradient", func(b *testing.B) {
		b.SetBytes(int64(12 * len(maps)))
		for b.Loop() {
			PReLUGrad(z[:len(maps)], dslope, y[:len(maps)], maps, slope, images, size, threads)
		}
	})
}

// BenchmarkNormalize are the columns of a head, one a class, and their gradient.
// Both read their matrices twice, once for the sums.
func BenchmarkNormalize(b *testing.B) {
	const d, classes = 512, 4038
	team := NewTeam(runtime.GOMAXPROCS(0))
	r := rand.New(rand.NewPCG(1, 1))
	src, ddst := random(r, d*classes), random(r, d*classes)
	dst, dsrc, inv := nans(d*classes), nans(d*classes), nans(classes)
	b.Run("columns", func(b *testing.B) {
		b.SetBytes(12 * d * classes)
		for b.Loop() {
			team.NormalizeColumns(dst, inv, src, d, classes)
		}
	})
	team.NormalizeColumns(dst, inv, src, d, classes)
	b.Run("gradient", func(b *testing.B) {
		b.SetBytes(20 * d * classes)
		for b.Loop() {
			team.NormalizeColumnsGrad(dsrc, ddst, dst, inv, d, classes)
		}
	})
}

// BenchmarkTransform are the linear maps of Winograd's algorithm, on one thread,
// of a tile that stays in the cache: what they compute, not what memory takes.
func BenchmarkTransform(b *testing.B) {
	const channels = 64
	r := rand.New(rand.NewPCG(1, 1))
	for _, l := range levels() {
		for _, c := range []struct {
			name     string
			f        func(*transform)
			from, to int // sides of the squares
		}{
			{"input", l.transforms.input, winograd.Inputs, winograd.Inputs},
			{"filter", l.transforms.filter, winograd.Taps, winograd.Inputs},
			{"result", l.transforms.result, winograd.Inputs, winograd.Results},
			{"gradient of the result", l.transforms.resultGrad, winograd.Results, winograd.Inputs},
			{"gradient of the filter", l.transforms.filterGrad, winograd.Inputs, winograd.Taps},
		} {
			b.Run(l.name+"/"+c.name, func(b *testing.B) {
				src, dst := random(r, c.from*c.from*channels), make([]float32, c.to*c.to*channels)
				t := &transform{
					src: &src[0], srcRow: floatBytes * c.from * channels, srcCol: floatBytes * channels,
					dst: &dst[0], dstRow: floatBytes * c.to * channels, dstCol: floatBytes * channels,
					channels: channels,
				}
				b.SetBytes(int64(floatBytes * (len(src) + len(dst))))
				for b.Loop() {
					c.f(t)
				}
			})
		}
	}
}
