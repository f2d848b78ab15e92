package pico

import "math"

// Finder is a cascade that tells windows with a face from others.
type Finder struct {
	depth      int
	nodes      []spot    // 2^depth a tree, of which the last is none
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
	if !r.has(int64(trees) * 4 * 2 * int64(leaves)) {
		return nil, r.end(what)
	}
	f.nodes, f.leaves = make([]spot, trees*leaves), make([]float32, trees*leaves)
	f.thresholds = make([]float32, trees)
	tree := make([]node, leaves-1)
	for t := range trees {
		r.nodes(tree)
		for i, n := range tree {
			f.nodes[t*leaves+i] = spot{int16(n.row1), int16(n.col1), int16(n.row2), int16(n.col2)}
		}
		for i := range leaves {
			f.leaves[t*leaves+i] = r.part("leaf", -surest, surest)
		}
		f.thresholds[t] = r.part("threshold", -surest, surest)
	}
	f.measure()
	return f, r.end(what)
}

// surest is more than any tree of a sound cascade says: sums stay finite.
const surest = 1 << 20

// measure finds how far the nodes reach.
func (f *Finder) measure() {
	f.reach = 0
	for _, n := range f.nodes {
		for _, v := range [4]int16{n.row1, n.col1, n.row2, n.col2} {
			f.reach = max(f.reach, int(max(v, -v)))
		}
	}
}

// Rotated returns the cascade of faces that are turned clockwise by an angle, whose
// sine and cosine are given.
func (f *Finder) Rotated(sin, cos float64) *Finder {
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
