//go:build unix

package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface/internal/kernel/winograd"
)

// transformCase is one of the transforms with its definition.
type transformCase struct {
	name string
	m    winograd.Matrix
	add  bool
	of   func(transforms) func(*transform)
}

var transformCases = []transformCase{
	{"input", winograd.InputTransform(), false, func(t transforms) func(*transform) { return t.input }},
	{"filter", winograd.FilterTransform(), false, func(t transforms) func(*transform) { return t.filter }},
	{"result", winograd.ResultTransform(), false, func(t transforms) func(*transform) { return t.result }},
	{"resultGrad", winograd.ResultTransform().Transposed(), false, func(t transforms) func(*transform) { return t.resultGrad }},
	{"filterGrad", winograd.FilterTransform().Transposed(), true, func(t transforms) func(*transform) { return t.filterGrad }},
}

// square is a square of vectors in memory that holds nothing else, with the
// lines or the columns in reverse order where a distance is negative.
type square struct {
	data           []float32
	side, row, col int // distances in floats
	first          int // of the first vector
}

func newSquare(r *rand.Rand, side, channels int, reverse bool) square {
	s := square{side: side, col: channels + r.IntN(3)}
	s.row = side*s.col + r.IntN(5)
	s.data = random(r, (side-1)*(s.row+s.col)+channels)
	if reverse {
		s.first = (side - 1) * (s.row + s.col)
		s.row, s.col = -s.row, -s.col
	}
	return s
}

func (s square) at(i, j, channel int) int { return s.first + i*s.row + j*s.col + channel }

// TestTransforms holds every level against the definition in float64, between
// guard pages.
func TestTransforms(t *testing.T) {
	for _, l := range levels() {
		for _, c := range transformCases {
			for _, vectors := range []int{1, 2, 5} {
				for _, reverse := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s/%s/%d/reverse=%v", l.name, c.name, vectors, reverse), func(t *testing.T) {
						r := rand.New(rand.NewPCG(uint64(vectors), 1))
						channels := vectors * l.vector
						src, dst := newSquare(r, len(c.m[0]), channels, reverse), newSquare(r, len(c.m), channels, false)
						want := c.want(src, dst, channels)
						src.data, dst.data = guarded(t, src.data, reverse), guarded(t, dst.data, reverse)
						f := c.of(l.transforms)
						mustNotFault(t, c.name, func() {
							f(&transform{
								src: &src.data[src.first], srcRow: floatBytes * src.row, srcCol: floatBytes * src.col,
								dst: &dst.data[0], dstRow: floatBytes * dst.row, dstCol: floatBytes * dst.col,
								channels: channels,
							})
						})
						want.compare(t, "dst", dst.data)
					})
				}
			}
		}
	}
}

// want is dst after the transform.
func (c transformCase) want(src, dst square, channels int) *reference {
	w := newReference(len(dst.data))
	for i, v := range dst.data {
		w.value[i] = float64(v)
	}
	for i := range dst.side {
		for j := range dst.side {
			for channel := range channels {
				at := dst.at(i, j, channel)
				w.value[at] = 0
				if c.add {
					w.add(at, float64(dst.data[at]))
				}
				for k := range src.side {
					for l := range src.side {
						w.add(at, c.m[i][k]*float64(src.data[src.at(k, l, channel)])*c.m[j][l])
					}
				}
			}
		}
	}
	return w
}

// TestTransformsNotFinite compares what is not finite after a transform of every
// level with the portable one.
func TestTransformsNotFinite(t *testing.T) {
	for _, l := range levels() {
		for _, c := range transformCases {
			r := rand.New(rand.NewPCG(4, 1))
			channels := 64 * l.vector
			src, dst := newSquare(r, len(c.m[0]), channels, false), newSquare(r, len(c.m), channels, false)
			for channel := range channels {
				spoil(r, src, channel)
			}
			compute := func(l *level) []float32 {
				data := slices.Clone(dst.data)
				c.of(l.transforms)(&transform{
					src: &src.data[0], srcRow: floatBytes * src.row, srcCol: floatBytes * src.col,
					dst: &data[0], dstRow: floatBytes * dst.row, dstCol: floatBytes * dst.col,
					channels: channels,
				})
				return data
			}
			got, want := compute(l), compute(portable)
			for i := range want {
				if !sameKind(got[i], want[i]) {
					t.Fatalf("%s: %s: dst[%d] = %v, portable %v", l.name, c.name, i, got[i], want[i])
				}
			}
		}
	}
}

// spoil puts special values into one channel of a square. The largest number
// stands alone: of two, sums of products rounded one by one may overflow where
// those fused do not.
func spoil(r *rand.Rand, s square, channel int) {
	put := func(v float32) { s.data[s.at(r.IntN(s.side), r.IntN(s.side), channel)] = v }
	if channel%4 == 0 {
		put(math.MaxFloat32)
		return
	}
	for range 1 + r.IntN(3) {
		if v := special[r.IntN(len(special))]; v != math.MaxFloat32 {
			put(v)
		}
	}
}
