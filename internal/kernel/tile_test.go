package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// tileCase is a tile over slices that hold exactly what it may touch.
type tileCase struct {
	level       *level
	dense       bool
	add         bool
	a, b, c     []float32
	init        []float32
	aRows       []int
	cRows       []int
	runs        []run
	steps       int
	aStep, cols int // in floats; cols from row to row of b
}

// randomTile makes a tile whose rows lie anywhere, some in the same place.
func randomTile(r *rand.Rand, l *level, dense bool) tileCase {
	c := tileCase{level: l, dense: dense, add: r.IntN(2) == 1, steps: 1 + r.IntN(9), aStep: 1, cols: l.cols}
	if !dense {
		c.aStep, c.cols = 1+r.IntN(5), l.cols+r.IntN(3)
	}
	runs := r.IntN(4)
	aLen, bLen := 1+(c.steps-1)*c.aStep, (c.steps-1)*c.cols+l.cols
	last := 0
	for range l.rows {
		row := r.IntN(30)
		last = max(last, row)
		c.aRows = append(c.aRows, floatBytes*row)
		c.cRows = append(c.cRows, floatBytes*len(c.cRows)*(l.cols+1))
	}
	far, farB := 0, 0
	for i := range runs {
		at := r.IntN(20)
		far, farB = max(far, at), i*bLen
		c.runs = append(c.runs, run{floatBytes * at, floatBytes * farB})
	}
	if runs > 0 {
		c.a, c.b = l.random(r, last+far+aLen), l.random(r, farB+bLen)
	} else {
		c.a, c.b = make([]float32, 1), make([]float32, 1)
	}
	if r.IntN(2) == 1 { // as beyond the last row
		c.aRows[l.rows-1], c.cRows[l.rows-1] = c.aRows[l.rows-2], c.cRows[l.rows-2]
	}
	c.c = random(r, c.cRows[l.rows-1]/floatBytes+l.cols)
	c.init = random(r, l.cols)
	return c
}

// run computes the tile into c.c.
func (c tileCase) run() {
	t := tile{
		a: &c.a[0], b: &c.b[0], c: &c.c[0], init: &c.init[0], aRows: &c.aRows[0], cRows: &c.cRows[0],
		runCount: len(c.runs), steps: c.steps, aStep: floatBytes * c.aStep, bStep: floatBytes * c.cols,
	}
	if len(c.runs) > 0 {
		t.runs = &c.runs[0]
	}
	if c.add {
		t.add = 1
	}
	if c.dense {
		c.level.dense(&t)
	} else {
		c.level.tile(&t)
	}
}

// want computes it in float64.
func (c tileCase) want() *reference {
	w := newReference(len(c.c))
	for i, v := range c.c {
		w.value[i] = float64(v)
	}
	seen := map[int]bool{}
	for i, at := range c.cRows {
		if seen[at] {
			continue
		}
		seen[at] = true
		for j := range c.level.cols {
			o := at/floatBytes + j
			w.value[o] = 0
			if c.add {
				w.add(o, float64(c.c[o]))
			}
			w.add(o, float64(c.init[j]))
			for _, run := range c.runs {
				for k := range c.steps {
					a, b := c.a[(c.aRows[i]+run.a)/floatBytes+k*c.aStep], c.b[run.b/floatBytes+k*c.cols+j]
					for n, x := range c.level.numbers(a) {
						w.add(o, float64(x)*float64(c.level.numbers(b)[n]))
					}
				}
			}
		}
	}
	return w
}

// eachTile calls f with random tiles for both functions of every level.
func eachTile(t *testing.T, seed uint64, count int, f func(*testing.T, *rand.Rand, tileCase)) {
	for _, l := range products() {
		for _, dense := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/dense=%v", l.name, dense), func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 1))
				for range count {
					f(t, r, randomTile(r, l, dense))
				}
			})
		}
	}
}

func TestTile(t *testing.T) {
	eachTile(t, 1, 200, func(t *testing.T, _ *rand.Rand, c tileCase) {
		want := c.want()
		c.run()
		want.compare(t, fmt.Sprintf("%d runs of %d steps, add %v: c", len(c.runs), c.steps, c.add), c.c)
	})
}

func FuzzTile(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) {
		eachTile(t, seed, 3, func(t *testing.T, _ *rand.Rand, c tileCase) {
			want := c.want()
			c.run()
			want.compare(t, "c", c.c)
		})
	})
}

// special are the values that arithmetic may treat in a way of its own: with
// denormals flushed to zero, say, the product of the fourth and the fifth would
// vanish.
var special = []float32{
	0, float32(math.Copysign(0, -1)), 1, 0x1p-140, 0x1p10, -0x1p-149,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()), math.MaxFloat32,
}

// TestTileSpecial sums values of which at most one product of a sum is not
// ordinary, so that the result does not depend on rounding: what is infinite, no
// number or denormal must be so at every level, and in every row that reads it.
func TestTileSpecial(t *testing.T) {
	eachTile(t, 2, 200, func(t *testing.T, r *rand.Rand, c tileCase) {
		if len(c.runs) == 0 || c.level.unit == 2 { // see TestTileBF16Special
			return
		}
		clear(c.a)
		clear(c.init)
		clear(c.c)
		for i := range c.b {
			c.b[i] = 1
		}
		c.runs = c.runs[:1]
		// One value of a, one of b.
		x, y := special[r.IntN(len(special))], special[r.IntN(len(special))]
		k := r.IntN(c.steps)
		c.a[(c.aRows[0]+c.runs[0].a)/floatBytes+k*c.aStep] = x
		for j := range c.level.cols {
			c.b[c.runs[0].b/floatBytes+k*c.cols+j] = y
		}
		c.run()
		for i, row := range c.aRows {
			// Rows overlap in a: x may be another step's, or none's.
			var want float32
			for step := range c.steps {
				product := c.a[(row+c.runs[0].a)/floatBytes+step*c.aStep]
				if step == k {
					product *= y
				}
				want += product
			}
			for j, got := range c.c[c.cRows[i]/floatBytes:][:c.level.cols] {
				if !sameValue(got, want) {
					t.Fatalf("%v · %v in step %d of %d summed: c[%d][%d] = %v, want %v", x, y, k, c.steps, i, j, got, want)
				}
			}
		}
	})
}

// sameValue tells whether two values are equal or both are no number. A product
// too small for a float32 makes a zero of its own sign if it is fused with the
// sum, else none: the sign of a zero is not compared.
func sameValue(a, b float32) bool { return a == b || (a != a && b != b) }
