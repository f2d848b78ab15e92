package pico

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

func TestChoose(t *testing.T) {
	if variable != kernel.Variable {
		t.Errorf("variable %s, the kernels' is %s", variable, kernel.Variable)
	}
	fast := level{name: "fast"}
	for wish, want := range map[string]string{"": "fast", "portable": "portable", "avx2": "fast"} {
		if got := choose(wish, []level{portable, fast}); got.name != want {
			t.Errorf("%q: %s, want %s", wish, got.name, want)
		}
	}
}

// randomGray has flat areas, where pixels are equal, beside noise.
func randomGray(r *rand.Rand, h, w int) Gray {
	g := Gray{Pix: make([]uint8, w*h), W: w, H: h}
	for i := range g.Pix {
		g.Pix[i] = uint8(r.IntN(256))
		if r.IntN(3) == 0 && i > 0 {
			g.Pix[i] = g.Pix[i-1]
		}
	}
	return g
}

func randomByte(r *rand.Rand) int8 { return int8(r.IntN(256) - 128) }

// Every level has the votes of plain Go, to the last bit, for windows up to the
// image's edges.
func TestVotes(t *testing.T) {
	for _, l := range levels() {
		for _, depth := range []int{1, 2, 3, 5, 6, 7, 12} {
			for _, n := range []int{1, 2, 7, 8, 9, 200} {
				t.Run(fmt.Sprintf("%s/depth=%d/windows=%d", l.name, depth, n), func(t *testing.T) {
					r := rand.New(rand.NewPCG(uint64(depth), uint64(n)))
					kept := 0
					for range 20 {
						size := 1 + r.IntN(40)
						margin := (size+1)/2 + 1
						g := randomGray(r, 2*margin+r.IntN(20), 2*margin+r.IntN(20))
						nodes, leaves := make([]spot, 1<<depth), make([]float32, 1<<depth)
						for i := range nodes {
							nodes[i] = spot{int16(randomByte(r)), int16(randomByte(r)), int16(randomByte(r)), int16(randomByte(r))}
							leaves[i] = 2*r.Float32() - 1
						}
						centres, sums := make([]int32, n), make([]float32, n)
						for i := range centres {
							centres[i] = int32((margin+r.IntN(g.H-2*margin+1))*g.W + margin + r.IntN(g.W-2*margin+1))
							sums[i] = 2*r.Float32() - 1
						}
						run := func(votes func(*ballot)) ballot {
							b := ballot{
								pix: g.Pix, nodes: nodes, pairs: make([]pair, 1<<depth), leaves: leaves,
								centres: slices.Clone(centres), sums: slices.Clone(sums),
								size: size, width: g.W, depth: depth, threshold: 0.25,
							}
							votes(&b)
							return b
						}
						want, got := run(votesPortable), run(l.votes)
						k := want.kept
						if got.kept != k || !slices.Equal(got.centres[:k], want.centres[:k]) || !slices.Equal(got.sums[:k], want.sums[:k]) {
							t.Fatalf("size %d in %d×%d: %d windows %v with %v, want %d: %v with %v", size, g.H, g.W,
								got.kept, got.centres[:got.kept], got.sums[:got.kept], k, want.centres[:k], want.sums[:k])
						}
						kept += k
					}
					if n == 200 && (kept == 0 || kept == 20*n) {
						t.Fatalf("%d of %d windows are kept: the threshold tells nothing", kept, 20*n)
					}
				})
			}
		}
	}
}

// Every level moves as plain Go does, to the last bit.
func TestMoves(t *testing.T) {
	for _, l := range levels() {
		for _, depth := range []int{1, 3, 4, 5, 9, 10, 12} {
			for _, n := range []int{lanes, 4 * lanes} {
				t.Run(fmt.Sprintf("%s/depth=%d/ways=%d", l.name, depth, n), func(t *testing.T) {
					r := rand.New(rand.NewPCG(uint64(depth), uint64(n)))
					g := randomGray(r, 8+r.IntN(60), 8+r.IntN(60))
					nodes, moves := make([]node, 1<<depth-1), make([][2]float32, 1<<depth)
					for i := range nodes {
						nodes[i] = node{randomByte(r), randomByte(r), randomByte(r), randomByte(r)}
					}
					for i := range moves {
						moves[i] = [2]float32{2*r.Float32() - 1, 2*r.Float32() - 1}
					}
					w := newWays(Guess{}, n)
					for i := range w.at {
						w.at[i] = Guess{r.Float64() * float64(g.H), r.Float64() * float64(g.W), r.Float64() * 70}
					}
					w.enter(g)
					run := func(moved func(*step)) step {
						s := step{
							pix: g.Pix, width: g.W, nodes: nodes, moves: moves, depth: depth,
							tops: w.tops, lefts: w.lefts, sides: w.sides,
							rows: slices.Repeat([]float32{0.5}, n), cols: slices.Repeat([]float32{-0.5}, n),
						}
						moved(&s)
						return s
					}
					want, got := run(movesPortable), run(l.moves)
					if !slices.Equal(got.rows, want.rows) || !slices.Equal(got.cols, want.cols) {
						t.Fatalf("moves %v and %v, want %v and %v", got.rows, got.cols, want.rows, want.cols)
					}
					if slices.Max(want.rows) == slices.Min(want.rows) {
						t.Fatal("all ways move alike")
					}
				})
			}
		}
	}
}
