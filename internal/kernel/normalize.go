package kernel

import "math"

// columnBlock is how many columns are worked on together, so that every row's
// part fills whole cache lines.
const columnBlock = 64

// NormalizeColumns scales every column of src [rows, cols] to unit length:
// dst = src/|column|, inv [cols] = 1/|column|. A zero column stays zero and has
// inv 0. dst may be src.
func (t *Team) NormalizeColumns(dst, inv, src []float32, rows, cols int) {
	mustLen("column normalisation", "src", len(src), rows*cols)
	mustLen("column normalisation", "dst", len(dst), rows*cols)
	mustLen("column normalisation", "inv", len(inv), cols)
	t.normalize = normalization{dst, inv, src, rows, cols}
	t.run(cols, elementGrain/rows+1, &t.normalize)
	t.normalize = normalization{}
}

type normalization struct {
	dst, inv, src []float32
	rows, cols    int
}

func (n *normalization) do(from, to int) {
	dst, src, cols := n.dst, n.src, n.cols
	var sums [columnBlock]float64
	for ; from < to; from += columnBlock {
		count := min(columnBlock, to-from)
		clear(sums[:])
		for r := range n.rows {
			for j, v := range src[r*cols+from:][:count] {
				sums[j] += float64(v) * float64(v)
			}
		}
		scale := n.inv[from:][:count]
		for j := range scale {
			scale[j] = 0
			if sums[j] != 0 {
				scale[j] = float32(1 / math.Sqrt(sums[j]))
			}
		}
		for r := range n.rows {
			out := dst[r*cols+from:][:count]
			for j, v := range src[r*cols+from:][:count] {
				out[j] = v * scale[j]
			}
		}
	}
}
