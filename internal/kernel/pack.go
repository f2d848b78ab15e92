package kernel

// roundUp returns the smallest multiple of step that is not less than n.
func roundUp(n, step int) int { return (n + step - 1) / step * step }

// matrix is a view of a row-major or a transposed matrix: element (i, k) lies
// at data[i*row+k*col].
type matrix struct {
	data     []float32
	row, col int
}

// transposed returns the same matrix with rows and columns exchanged.
func (m matrix) transposed() matrix { return matrix{m.data, m.col, m.row} }

// packPanels packs rows [i0, i1) of m over [k0, k1) into panels of width rows
// each (microRows or microCols) and pads with zeros to whole panels and steps.
// It returns the length of one panel.
func packPanels(dst []float32, m matrix, width, i0, i1, k0, k1 int) int {
	k := k1 - k0
	whole := k / microStep * microStep
	size := width * roundUp(k, microStep)
	block := width * microStep
	for i := i0; i < i1; i += width {
		panel := dst[:size]
		dst = dst[size:]
		if i+width > i1 || whole < k {
			clear(panel)
		}
		for r := range min(width, i1-i) {
			lane := panel[r*microStep:]
			src := (i+r)*m.row + k0*m.col
			if m.col == 1 {
				packRow(lane, m.data[src:src+k], block)
			} else {
				packStrided(lane, m.data[src:], m.col, k, block)
			}
		}
	}
	return size
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

// packStrided is packRow for elements that lie stride apart.
func packStrided(dst, src []float32, stride, n, block int) {
	at := 0
	for k := 0; k < n; k += microStep {
		group := dst[k/microStep*block:][:min(microStep, n-k)]
		for i := range group {
			group[i] = src[at]
			at += stride
		}
	}
}

// panelsLen returns the length of the panels that packPanels makes.
func panelsLen(width, rows, k int) int {
	return roundUp(rows, width) * roundUp(k, microStep)
}
