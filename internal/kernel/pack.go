package kernel

// matrix is a view of a row-major or a transposed matrix: element (i, k) lies
// at data[i*row+k*col]. One of row and col is 1.
type matrix struct {
	data     []float32
	row, col int
}

// pack arranges rows [i0, i1) of m over [k0, k1) as panels of width rows each:
// [panel][k][row]. The last panel is filled up with zeros.
func pack(dst []float32, m matrix, width, i0, i1, k0, k1 int) {
	depth := k1 - k0
	if n := (i1 - i0) % width; n != 0 {
		clear(dst[(i1-i0)/width*width*depth:][:width*depth])
	}
	if m.col != 1 {
		packAcross(dst, m, width, i0, i1, k0, k1)
		return
	}
	for i := range i1 - i0 {
		at := i/width*width*depth + i%width
		for _, v := range m.data[(i0+i)*m.row+k0:][:depth] {
			dst[at] = v
			at += width
		}
	}
}

// packAcross is pack for a matrix that is contiguous along i.
func packAcross(dst []float32, m matrix, width, i0, i1, k0, k1 int) {
	depth := k1 - k0
	for k := range depth {
		src := m.data[i0+(k0+k)*m.col:][:i1-i0]
		at := k * width
		for ; width%16 == 0 && len(src) >= width; at += depth * width {
			// Copies whose length the compiler knows cost no call.
			for j := 0; j < width; j += 16 {
				*(*[16]float32)(dst[at+j:]) = [16]float32(src[j:])
			}
			src = src[width:]
		}
		for ; len(src) > 0; at += depth * width {
			n := min(width, len(src))
			for j, v := range src[:n] {
				dst[at+j] = v
			}
			src = src[n:]
		}
	}
}
