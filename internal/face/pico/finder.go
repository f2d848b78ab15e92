package pico

import "math"

// Finder is a cascade that tells windows with a face from others.
type Finder struct {
	depth      int
	nodes      []spot    // 2^depth − 1 a tree
	leaves     []float32 // 2^depth a tree
	thresholds []float32 // the least sum after each tree
	reach      int       // the farthest pixel from the centre, in 256ths of the side
}

// spot is a node of a cascade that may be rotated.
type spot struct{ row1, col1, row2, col2 int16 }

// ParseFinder reads a cascade of faces. Its error is one line.
func ParseFinder(data []byte) (*Finder, error) {
	const what = "face"
	r := &reader{data: data}
	r.take(8) // a version, and the window's form: a square
	f := &Finder{depth: r.count("depth", mostDepth)}
	trees := r.count("number of trees", mostTrees)
	leaves := 1 << f.depth
	// A node, a leaf and a threshold have 4 bytes each.
	if !r.has(trees * 4 * 2 * leaves) {
		return nil, r.end(what)
	}
	f.nodes, f.leaves = make([]spot, trees*(leaves-1)), make([]float32, trees*leaves)
	f.thresholds = make([]float32, trees)
	tree := make([]node, leaves-1)
	for t := range trees {
		r.nodes(tree)
		for i, n := range tree {
			f.nodes[t*(leaves-1)+i] = spot{int16(n.row1), int16(n.col1), int16(n.row2), int16(n.col2)}
		}
		for i := range leaves {
			f.leaves[t*leaves+i] = r.float("leaf")
		}
		f.thresholds[t] = r.float("threshold")
	}
	f.measure()
	return f, r.end(what)
}

// measure finds how far the nodes reach.
func (f *Finder) measure() {
	f.reach = 0
	for _, n := range f.nodes {
		for _, v := range [4]int16{n.row1, n.col1, n.row2, n.col2} {
			f.reach = max(f.reach, int(max(v, -v)))
		}
	}
}

// Rotated returns the cascade of faces that are turned clockwise by an angle in
// radians.
func (f *Finder) Rotated(angle float64) *Finder {
	sin, cos := math.Sincos(angle)
	turn := func(row, col int16) (int16, int16) {
		r, c := float64(row), float64(col)
		return int16(math.Round(float64(r*cos) + float64(c*sin))), int16(math.Round(float64(c*cos) - float64(r*sin)))
	}
	g := *f
	g.nodes = make([]spot, len(f.nodes))
	for i, n := range f.nodes {
		n.row1, n.col1 = turn(n.row1, n.col1)
		n.row2, n.col2 = turn(n.row2, n.col2)
		g.nodes[i] = n
	}
	g.measure()
	return &g
}

// Window is a square around a face: its centre and its side in pixels, and how
// sure the finder is, above 0 and without an upper end.
type Window struct {
	Row, Col, Size float64
	Score          float64
}

// windows are those of one size in an image.
type windows struct {
	*Finder
	g     Gray
	size  int
	pairs []pair // of the first trees, which every window comes to
}

// pair is a node's pixels, as distances from the window's centre in memory.
type pair struct{ first, second int32 }

// firstTrees come with a table of their pairs. One window in a hundred goes
// beyond them, for which a table of all would take longer than it saves.
const firstTrees = 24

// windows returns those of a size.
func (f *Finder) windows(g Gray, size int) *windows {
	w := &windows{Finder: f, g: g, size: size}
	trees := min(firstTrees, len(f.thresholds))
	w.pairs = make([]pair, trees*(1<<f.depth-1))
	for i := range w.pairs {
		w.pairs[i] = w.pair(i)
	}
	return w
}

// pair returns that of a node.
func (w *windows) pair(i int) pair {
	n := &w.nodes[i]
	at := func(row, col int16) int32 { return int32((int(row)*w.size>>8)*w.g.W + int(col)*w.size>>8) }
	return pair{at(n.row1, n.col1), at(n.row2, n.col2)}
}

// score sums the trees' votes on the window with its centre at a place. It is 0
// as soon as a threshold is missed.
func (w *windows) score(row, col int) float32 {
	nodes, leaves := 1<<w.depth-1, 1<<w.depth
	pix, centre := w.g.Pix, row*w.g.W+col
	// ≤ goes to the right.
	right := func(p pair) int { return less(int(pix[centre+int(p.first)]), int(pix[centre+int(p.second)])+1) }
	var sum float32
	for t, threshold := range w.thresholds {
		i, root := 0, t*nodes
		if root < len(w.pairs) {
			tree := w.pairs[root:][:nodes]
			for range w.depth {
				i = 2*i + 1 + right(tree[i])
			}
		} else {
			for range w.depth {
				i = 2*i + 1 + right(w.pair(root+i))
			}
		}
		sum += w.leaves[t*leaves+i-nodes]
		if sum <= threshold {
			return 0
		}
	}
	return sum - w.thresholds[len(w.thresholds)-1]
}
