package kernel

import (
	"fmt"
	"testing"
)

// TestTileSize holds the size of every tile function's register block, which the
// generator knows from a table of its own, against what the level says: a tile
// without a run writes ones to all of its block, and nothing around it. The
// tables are longer than any block, so that one too large shows as well.
func TestTileSize(t *testing.T) {
	const rows, cols = 2 * maxRows, 2 * maxCols
	init := make([]float32, cols)
	for i := range init {
		init[i] = 1
	}
	var aRows, cRows [rows]int
	for i := range cRows {
		cRows[i] = floatBytes * i * cols
	}
	for _, l := range products() {
		for _, dense := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/dense=%v", l.name, dense), func(t *testing.T) {
				c := make([]float32, rows*cols)
				f := l.tile
				if dense {
					f = l.dense
				}
				f(&tile{
					a: new(float32), b: new(float32), c: &c[0], init: &init[0], aRows: &aRows[0], cRows: &cRows[0],
					steps: 1, aStep: floatBytes, bStep: floatBytes * l.cols,
				})
				for i, v := range c {
					row, col := i/cols, i%cols
					if inside := row < l.rows && col < l.cols; (v == 1) != inside {
						t.Fatalf("c[%d][%d] = %v; the level's block is %d×%d", row, col, v, l.rows, l.cols)
					}
				}
			})
		}
	}
}
