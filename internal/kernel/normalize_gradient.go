package kernel

// NormalizeColumnsGrad computes the gradient through NormalizeColumns: with a
// column w, its unit vector u = w/|w| and the gradient g of u, the gradient of w
// is (g − u·(u·g))/|w|. dst and inv are NormalizeColumns' results. dsrc may be
// ddst. A zero column has gradient 0.
func (t *Team) NormalizeColumnsGrad(dsrc, ddst, dst, inv []float32, rows, cols int) {
	mustLen("column normalisation gradient", "dsrc", len(dsrc), rows*cols)
	mustLen("column normalisation gradient", "ddst", len(ddst), rows*cols)
	mustLen("column normalisation gradient", "dst", len(dst), rows*cols)
	mustLen("column normalisation gradient", "inv", len(inv), cols)
	t.normalizeGrad = normalizationGrad{dsrc, ddst, dst, inv, rows, cols}
	t.run(cols, elementGrain/rows+1, &t.normalizeGrad)
	t.normalizeGrad = normalizationGrad{}
}

type normalizationGrad struct {
	dsrc, ddst, dst, inv []float32
	rows, cols           int
}

func (n *normalizationGrad) do(from, to int) {
	dsrc, ddst, dst, cols := n.dsrc, n.ddst, n.dst, n.cols
	var dots [columnBlock]float64
	for ; from < to; from += columnBlock {
		count := min(columnBlock, to-from)
		clear(dots[:])
		for r := range n.rows {
			g := ddst[r*cols+from:][:count]
			for j, u := range dst[r*cols+from:][:count] {
				dots[j] += float64(u) * float64(g[j])
			}
		}
		scale := n.inv[from:][:count]
		for r := range n.rows {
			g, out := ddst[r*cols+from:][:count], dsrc[r*cols+from:][:count]
			for j, u := range dst[r*cols+from:][:count] {
				out[j] = (g[j] - u*float32(dots[j])) * scale[j]
			}
		}
	}
}
