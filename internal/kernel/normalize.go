package kernel

import "math"

// NormalizeColumns scales every column of src [rows, cols] to unit length:
// dst = src/|column|, inv [cols] = 1/|column|. A zero column stays zero and has
// inv 0. dst may be src.
func NormalizeColumns(dst, inv, src []float32, rows, cols, threads int) {
	mustLen("column normalisation", "src", len(src), rows*cols)
	mustLen("column normalisation", "dst", len(dst), rows*cols)
	mustLen("column normalisation", "inv", len(inv), cols)
	split(threads, cols, elementGrain/rows+1, func(from, to int) {
		var sums [columnBlock]float64
		for ; from < to; from += columnBlock {
			n := min(columnBlock, to-from)
			clear(sums[:])
			for r := range rows {
				for j, v := range src[r*cols+from:][:n] {
					sums[j] += float64(v) * float64(v)
				}
			}
			scale := inv[from:][:n]
			for j := range scale {
				scale[j] = 0
				if sums[j] != 0 {
					scale[j] = float32(1 / math.Sqrt(sums[j]))
				}
			}
			for r := range rows {
				out := dst[r*cols+from:][:n]
				for j, v := range src[r*cols+from:][:n] {
					out[j] = v * scale[j]
				}
			}
		}
	})
}

// columnBlock is how many columns are worked on together, so that every row's
// part fills whole cache lines.
const columnBlock = 64

// NormalizeColumnsGrad computes the gradient through NormalizeColumns: with a
// column w, its unit vector u = w/|w| and the gradient g of u, the gradient of w
// is (g − u·(u·g))/|w|. dst and inv are NormalizeColumns' results. dsrc may be
// ddst. A zero column has gradient 0.
func NormalizeColumnsGrad(dsrc, ddst, dst, inv []float32, rows, cols, threads int) {
	mustLen("column normalisation gradient", "dsrc", len(dsrc), rows*cols)
	mustLen("column normalisation gradient", "ddst", len(ddst), rows*cols)
	mustLen("column normalisation gradient", "dst", len(dst), rows*cols)
	mustLen("column normalisation gradient", "inv", len(inv), cols)
	split(threads, cols, elementGrain/rows+1, func(from, to int) {
		var dots [columnBlock]float64
		for ; from < to; from += columnBlock {
			n := min(columnBlock, to-from)
			clear(dots[:])
			for r := range rows {
				g := ddst[r*cols+from:][:n]
				for j, u := range dst[r*cols+from:][:n] {
					dots[j] += float64(u) * float64(g[j])
				}
			}
			scale := inv[from:][:n]
			for r := range rows {
				g, out := ddst[r*cols+from:][:n], dsrc[r*cols+from:][:n]
				for j, u := range dst[r*cols+from:][:n] {
					out[j] = (g[j] - u*float32(dots[j])) * scale[j]
				}
			}
		}
	})
}
