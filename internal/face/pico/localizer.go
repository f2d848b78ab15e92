package pico

import "slices"

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
	ways := make([]way, starts)
	for i := range ways {
		ways[i].Guess = disturbed(guess, i)
	}
	for stage := range l.stages {
		for i := range ways {
			ways[i].enter(g)
		}
		// Tree by tree, so that it stays in the nearest cache for all ways.
		for tree := stage * l.trees; tree < (stage+1)*l.trees; tree++ {
			l.vote(g, ways, tree)
		}
		for i := range ways {
			ways[i].move(l.shrink)
		}
	}
	median := func(of func(w *way) float64) float64 {
		all := make([]float64, starts)
		for i := range ways {
			all[i] = of(&ways[i])
		}
		slices.Sort(all)
		return all[starts/2]
	}
	return median(func(w *way) float64 { return w.Row }), median(func(w *way) float64 { return w.Col })
}

// way is a start on its way.
type way struct {
	Guess
	top, left, size int        // the middle of the surroundings, in 256ths of a pixel, and their side
	votes           [2]float32 // the trees' sum of moves in this stage
}

// enter begins a stage. The surroundings are kept inside the image, and made
// smaller where they do not fit into it.
func (w *way) enter(g Gray) {
	w.size = min(int(w.Size+0.5), g.H-4, g.W-4)
	margin := float64((w.size+1)/2 + 1) // a node reaches 128 of 256 parts
	w.Row = min(max(w.Row, margin), float64(g.H)-margin)
	w.Col = min(max(w.Col, margin), float64(g.W)-margin)
	// From the centre of a pixel, so that parts of one are rounded and not cut.
	w.top, w.left = 256*int(w.Row)+128, 256*int(w.Col)+128
	w.votes = [2]float32{}
}

// vote adds what a tree says to each way. It follows two ways at a time, because
// each waits at every node for what the pixels say.
func (l *Localizer) vote(g Gray, ways []way, tree int) {
	leaves := 1 << l.depth
	nodes := l.nodes[tree*(leaves-1):][:leaves-1]
	moves := l.moves[tree*leaves:][:leaves]
	pix, width := g.Pix, g.W
	for k := 0; k < len(ways); k += 2 {
		v, w := &ways[k], &ways[min(k+1, len(ways)-1)]
		vTop, vLeft, vSize := v.top, v.left, v.size
		wTop, wLeft, wSize := w.top, w.left, w.size
		i, j := 0, 0
		for range l.depth {
			n, m := nodes[i], nodes[j]
			// > goes to the right.
			i = 2*i + 1 + less(
				int(pix[(vTop+int(n.row2)*vSize)>>8*width+(vLeft+int(n.col2)*vSize)>>8]),
				int(pix[(vTop+int(n.row1)*vSize)>>8*width+(vLeft+int(n.col1)*vSize)>>8]))
			j = 2*j + 1 + less(
				int(pix[(wTop+int(m.row2)*wSize)>>8*width+(wLeft+int(m.col2)*wSize)>>8]),
				int(pix[(wTop+int(m.row1)*wSize)>>8*width+(wLeft+int(m.col1)*wSize)>>8]))
		}
		v.add(moves[i-(leaves-1)])
		if w != v {
			w.add(moves[j-(leaves-1)])
		}
	}
}

func (w *way) add(move [2]float32) {
	w.votes[0] += move[0]
	w.votes[1] += move[1]
}

// move ends a stage.
func (w *way) move(shrink float32) {
	w.Row += float64(float64(w.votes[0]) * w.Size)
	w.Col += float64(float64(w.votes[1]) * w.Size)
	w.Size *= float64(shrink)
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
