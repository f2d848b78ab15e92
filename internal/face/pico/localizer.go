package pico

// Localizer is a cascade that moves from a guess to a point of the face, stage by
// stage over smaller surroundings.
type Localizer struct {
	stages, trees, depth int
	shrink               float32 // of the surroundings, from stage to stage
	nodes                []node
	moves                [][2]float32 // of the leaves: row and column, in surroundings
}

// ParseLocalizer reads a cascade of a point. Its error is one line.
func ParseLocalizer(data []byte) (*Localizer, error) {
	const what = "point of the face"
	r := &reader{data: data}
	l := &Localizer{stages: r.count("number of stages", mostStages)}
	l.shrink = r.part("factor of the surroundings", 0, 1)
	l.trees, l.depth = r.count("number of trees", mostTrees), r.count("depth", mostDepth)
	trees, leaves := l.stages*l.trees, 1<<l.depth
	// A node has 4 bytes, a move 8.
	if !r.has(int64(trees) * 4 * int64(3*leaves-1)) {
		return nil, r.end(what)
	}
	l.nodes, l.moves = make([]node, trees*(leaves-1)), make([][2]float32, trees*leaves)
	for t := range trees {
		r.nodes(l.nodes[t*(leaves-1):][:leaves-1])
		for i := range leaves {
			l.moves[t*leaves+i] = [2]float32{r.part("move", -farthest, farthest), r.part("move", -farthest, farthest)}
		}
	}
	return l, r.end(what)
}

// farthest is more than any tree of a sound cascade moves, in surroundings.
const farthest = 2

// Guess is where a point may lie, and the side of the surroundings to look at, in
// pixels. A pixel's centre is half a pixel from its edges: that of the first one
// is at (0.5, 0.5).
type Guess struct{ Row, Col, Size float64 }

// Locate returns the median of the places to which an odd number of starts around
// the guess lead. The image has at least 8 rows and columns.
func (l *Localizer) Locate(g Gray, guess Guess, starts int) (row, col float64) {
	w := newWays(guess, starts)
	s := step{pix: g.Pix, width: g.W, depth: l.depth, tops: w.tops, lefts: w.lefts, sides: w.sides, rows: w.rows, cols: w.cols}
	leaves := 1 << l.depth
	for stage := range l.stages {
		w.enter(g)
		// Tree by tree, so that it stays in the nearest cache for all ways.
		for tree := stage * l.trees; tree < (stage+1)*l.trees; tree++ {
			s.nodes, s.moves = l.nodes[tree*(leaves-1):][:leaves-1], l.moves[tree*leaves:][:leaves]
			best.moves(&s)
		}
		w.leave(l.shrink)
	}
	return w.median(starts)
}

// Starts lie from the guess by at most this part of its size, and their
// surroundings differ by at most this part from it: as in the training of the
// cascades.
const spread = 0.075

// disturbed is the i-th start: a point of a sequence that fills the cube evenly,
// so that the same photo has the same starts (Roberts, "The Unreasonable
// Effectiveness of Quasirandom Sequences", 2018: the generalised golden ratio in
// three dimensions).
func disturbed(g Guess, i int) Guess {
	part := func(step float64) float64 {
		v := 0.5 + float64(step*float64(i))
		return float64(2*(v-float64(int(v)))) - 1
	}
	const golden = 1.2207440846057596
	return Guess{
		Row:  g.Row + float64(g.Size*spread*part(1/golden)),
		Col:  g.Col + float64(g.Size*spread*part(1/(golden*golden))),
		Size: g.Size * (1 + float64(spread*part(1/(golden*golden*golden)))),
	}
}
