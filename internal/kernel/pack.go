package kernel

// roundUp returns the smallest multiple of step that is not less than n.
func roundUp(n, step int) int { return (n + step - 1) / step * step }

// matrix is a view of a row-major or a transposed matrix: element (i, k) lies
// at data[i*row+k*col].
type matrix struct {
	data     []float32
	row, col int
}

// packPanels packs rows [i0, i1) of m over [k0, k1) into panels of width rows
// each (microRows or microCols) and pads with zeros to whole panels and steps.
func packPanels(dst []float32, m matrix, width, i0, i1, k0, k1 int) {
	if rows := i1 - i0; rows%width != 0 || (k1-k0)%microStep != 0 {
		clear(dst[:panelsLen(width, rows, k1-k0)])
	}
	if m.col == 1 {
		packAlong(dst, m, width, i0, i1, k0, k1)
	} else {
		packAcross(dst, m, width, i0, i1, k0, k1)
	}
}

// packAlong is packPanels for a matrix that is contiguous along k.
func packAlong(dst []float32, m matrix, width, i0, i1, k0, k1 int) {
	size := panelsLen(width, width, k1-k0)
	for i := range i1 - i0 {
		lane := dst[i/width*size+i%width*microStep:]
		packRow(lane, m.data[(i0+i)*m.row+k0:][:k1-k0], width*microStep)
	}
}

// packAcross is packPanels for any matrix. It goes through all rows for one step
// before the next, which reads whole cache lines where the matrix is contiguous
// along i.
func packAcross(dst []float32, m matrix, width, i0, i1, k0, k1 int) {
	size := panelsLen(width, width, k1-k0)
	for k := k0; k < k1; k += microStep {
		step := dst[(k-k0)*width:]
		n := min(microStep, k1-k)
		for i := range i1 - i0 {
			group := step[i/width*size+i%width*microStep:][:n]
			at := (i0+i)*m.row + k*m.col
			for x := range group {
				group[x] = m.data[at]
				at += m.col
			}
		}
	}
}

// packRow spreads a contiguous row over every block-th group of eight.
func packRow(dst, src []float32, block int) {
	for len(src) >= microStep {
		*(*[microStep]float32)(dst) = *(*[microStep]float32)(src)
		src = src[microStep:]
		if len(src) == 0 {
			return
		}
		dst = dst[block:]
	}
	copy(dst, src)
}

// panelsLen returns the length of the panels that packPanels makes.
func panelsLen(width, rows, k int) int {
	return roundUp(rows, width) * roundUp(k, microStep)
}
