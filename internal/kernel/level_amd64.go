package kernel

import "golang.org/x/sys/cpu"

// levels are the levels of this processor, the best last.
func levels() []*level {
	have := []*level{portable}
	x := cpu.X86
	if x.HasAVX2 && x.HasFMA {
		have = append(have, avx2)
	}
	if x.HasAVX512F && x.HasAVX512VL && x.HasAVX512DQ && x.HasAVX512BW {
		have = append(have, avx512)
	}
	return have
}

// The generator has these sizes in a table of its own, generate/set.go: rows, and
// cols as two vectors. TestTileSize holds the two against each other. Nothing does
// so with peakFMAs, which is peakSums of generate/peak.go, 12, times the floats of
// a vector: a wrong one shows as a wrong share of the peak in the benchmarks.

var avx2 = &level{
	name: "avx2",
	rows: 6, cols: 16, tile: tileAVX2, dense: tileDenseAVX2, unit: 1,
	vector:   8,
	activate: activateAVX2, activateGrad: activateGradAVX2, sgd: sgdAVX2, add: addAVX2,
	dotStep: 16, dots: dotsAVX2,
	squareStep: 16, squares: squaresAVX2,
	transforms: transforms{
		input: transformInputAVX2, filter: transformFilterAVX2, result: transformResultAVX2,
		resultGrad: transformResultGradAVX2, filterGrad: transformFilterGradAVX2,
	},
	peak: peakAVX2, peakFMAs: 12 * 8,
}

var avx512 = &level{
	name: "avx512",
	rows: 12, cols: 32, tile: tileAVX512, dense: tileDenseAVX512, unit: 1,
	vector:   16,
	activate: activateAVX512, activateGrad: activateGradAVX512, sgd: sgdAVX512, add: addAVX512,
	dotStep: 32, dots: dotsAVX512,
	squareStep: 32, squares: squaresAVX512,
	transforms: transforms{
		input: transformInputAVX512, filter: transformFilterAVX512, result: transformResultAVX512,
		resultGrad: transformResultGradAVX512, filterGrad: transformFilterGradAVX512,
	},
	peak: peakAVX512, peakFMAs: 12 * 16,
}

// bf16Level returns the level that does what l does with products of bf16, or
// nil if the processor has no instruction for them.
func bf16Level(l *level) *level {
	if l == avx512 && cpu.X86.HasAVX512BF16 {
		return avx512BF16
	}
	return nil
}

var avx512BF16 = func() *level {
	l := *avx512
	l.name = "bf16"
	l.tile, l.dense, l.unit = tileBF16, tileDenseBF16, 2
	l.pairs, l.zip = pairsBF16, zipBF16
	l.peak, l.peakFMAs = peakBF16, 2*l.peakFMAs
	return &l
}()

//go:noescape
func tileAVX2(t *tile)

//go:noescape
func tileDenseAVX2(t *tile)

//go:noescape
func activateAVX2(a *activation)

//go:noescape
func activateGradAVX2(a *activationGrad)

//go:noescape
func dotsAVX2(d *dots)

//go:noescape
func sgdAVX2(w, v, grad *float32, n int, rate, momentum, decay float32)

//go:noescape
func addAVX2(y, a, b *float32, n int)

//go:noescape
func squaresAVX2(sum *float64, x *float32, n int)

//go:noescape
func transformInputAVX2(t *transform)

//go:noescape
func transformFilterAVX2(t *transform)

//go:noescape
func transformResultAVX2(t *transform)

//go:noescape
func transformResultGradAVX2(t *transform)

//go:noescape
func transformFilterGradAVX2(t *transform)

//go:noescape
func tileAVX512(t *tile)

//go:noescape
func tileDenseAVX512(t *tile)

//go:noescape
func activateAVX512(a *activation)

//go:noescape
func activateGradAVX512(a *activationGrad)

//go:noescape
func dotsAVX512(d *dots)

//go:noescape
func sgdAVX512(w, v, grad *float32, n int, rate, momentum, decay float32)

//go:noescape
func addAVX512(y, a, b *float32, n int)

//go:noescape
func squaresAVX512(sum *float64, x *float32, n int)

//go:noescape
func transformInputAVX512(t *transform)

//go:noescape
func transformFilterAVX512(t *transform)

//go:noescape
func transformResultAVX512(t *transform)

//go:noescape
func transformResultGradAVX512(t *transform)

//go:noescape
func transformFilterGradAVX512(t *transform)

//go:noescape
func tileBF16(t *tile)

//go:noescape
func tileDenseBF16(t *tile)

//go:noescape
func pairsBF16(dst, x *float32, n int)

//go:noescape
func zipBF16(dst, low, high *float32, n int)

func peakAVX2(n int)

func peakAVX512(n int)

func peakBF16(n int)
