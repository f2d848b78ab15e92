package kernel

import "unsafe"

// tile is one register block of a product and where to find it. With places
// and steps in bytes,
//
//	c[cRows[i]][j] = init[j] + Σ_run Σ_k a[aRows[i] + run.a + k·aStep] · b[run.b + k·bStep][j]
//
// for every row i and column j of the block, whose size is the level's. init is
// level.cols long. With add, the sum is added to c instead: a long sum is then
// made of short ones, which keeps its rounding error small.
//
// where a and b consist of units of 4 bytes, and a product is that of two units:
// of two float32, or, at a level of bf16, x₁·y₁ + x₀·y₀ of two pairs.
//
// A convolution's rows are pixels, at any place; a run is one tap of the kernel
// and its steps are channels. For the gradient of the weights the rows are
// taps, a run is a line of pixels and its steps are pixels. A plain product has
// one run.
//
// The level's tile function changes nothing else and reads nothing else.
type tile struct {
	a, b, c, init   *float32
	aRows, cRows    *int // level.rows places each; rows may share one
	runs            *run
	runCount, steps int // steps of each run, at least 1
	aStep, bStep    int
	add             int // 0 or 1
}

// run is where a part of a tile's sum begins in a and in b.
type run struct{ a, b int }

// maxRows and maxCols are the largest register block of any level.
const (
	maxRows = 12
	maxCols = 32
)

// floatBytes is what a place counts for a float32.
const floatBytes = 4

// tileScratch is a tile and what it may point to. It is made once for a worker,
// so that running a tile allocates nothing.
type tileScratch struct {
	tile         tile
	aRows, cRows [maxRows]int
	edge         [maxRows * maxCols]float32
	edgeRows     [maxRows]int
	zero         [maxCols]float32
	whole        run // of a tile that has but one
}

func (s *tileScratch) init(l *level) {
	for i := range s.edgeRows {
		s.edgeRows[i] = floatBytes * i * l.cols
	}
}

// setRows points the tile to its rows' places: to those of the tables from row
// on, or, where a table ends before the block does, to copies that repeat the
// last. n is the length of both tables.
func (s *tileScratch) setRows(l *level, a, c []int, row, n int) {
	if row+l.rows <= n {
		s.tile.aRows, s.tile.cRows = &a[row], &c[row]
		return
	}
	for i := range l.rows {
		at := min(row+i, n-1)
		s.aRows[i], s.cRows[i] = a[at], c[at]
	}
	s.tile.aRows, s.tile.cRows = &s.aRows[0], &s.cRows[0]
}

// run computes a tile with the function for it.
func (l *level) run(t *tile) {
	if t.aStep == floatBytes && t.bStep == floatBytes*l.cols {
		l.dense(t)
	} else {
		l.tile(t)
	}
}

// store runs the scratch's tile into c, of whose columns only the first n exist.
func (l *level) store(s *tileScratch, c []float32, n int) {
	t := &s.tile
	if n >= l.cols {
		t.c = &c[0]
		l.run(t)
		return
	}
	rows, add := t.cRows, t.add
	t.c, t.cRows, t.add = &s.edge[0], &s.edgeRows[0], 0
	l.run(t)
	t.cRows, t.add = rows, add
	previous := -1
	for i, at := range unsafe.Slice(rows, l.rows) {
		if at == previous { // a repeated row is added once
			continue
		}
		previous = at
		dst, sums := c[at/floatBytes:][:n], s.edge[i*l.cols:]
		for j := range dst {
			if add != 0 {
				dst[j] += sums[j]
			} else {
				dst[j] = sums[j]
			}
		}
	}
}
