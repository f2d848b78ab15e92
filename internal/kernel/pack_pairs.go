package kernel

// pairScratch is where pairs lie on their way to a panel.
type pairScratch struct{ line, zero [productDepth]float32 }

// packPairs is pack for pairs of bf16 along k, which counts pairs. The rows of m
// have depth numbers; a zero follows an odd one.
func (l *level) packPairs(s *pairScratch, dst []float32, m matrix, depth, width, i0, i1, k0, k1 int) {
	pairs := k1 - k0
	if n := (i1 - i0) % width; n != 0 {
		clear(dst[(i1-i0)/width*width*pairs:][:width*pairs])
	}
	if m.col != 1 {
		l.packPairsAcross(s, dst, m, depth, width, i0, i1, k0, k1)
		return
	}
	for i := range i1 - i0 {
		src := m.data[(i0+i)*m.row:][2*k0 : min(2*k1, depth)]
		if width == 1 {
			l.pairUp(dst[i*pairs:], src)
			continue
		}
		l.pairUp(s.line[:], src)
		at := i/width*width*pairs + i%width
		for _, v := range s.line[:pairs] {
			dst[at] = v
			at += width
		}
	}
}

// packPairsAcross is packPairs for a matrix that is contiguous along i.
func (l *level) packPairsAcross(s *pairScratch, dst []float32, m matrix, depth, width, i0, i1, k0, k1 int) {
	pairs := k1 - k0
	chunk := len(s.line) / width * width // whole panels
	for k := range pairs {
		row := 2 * (k0 + k)
		for i := i0; i < i1; i += chunk {
			n := min(chunk, i1-i)
			low, high := m.data[i+row*m.col:][:n], s.zero[:n]
			if row+1 < depth {
				high = m.data[i+(row+1)*m.col:][:n]
			}
			l.pairRows(s.line[:], low, high)
			for j := 0; j < n; j += width {
				copy(dst[(i-i0+j)*pairs+k*width:], s.line[j:min(j+width, n)])
			}
		}
	}
}
