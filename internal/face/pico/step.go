package pico

// step is what a tree says to each of some ways to a point. A level's function adds
// the moves that it asks for to rows and cols. The ways are a multiple of lanes.
type step struct {
	pix                []uint8
	nodes              []node       // of the tree: 2^depth − 1
	moves              [][2]float32 // of its leaves: row and column, in surroundings
	tops, lefts, sides []int32      // the middle of the surroundings, in 256ths of a pixel, and their side in pixels
	rows, cols         []float32
	width, depth       int
}

// movesPortable follows two ways at a time, because each waits at every node for
// what the pixels say.
func movesPortable(s *step) {
	pix, width, nodes, leaves := s.pix, int32(s.width), s.nodes, 1<<s.depth
	tops, lefts, sides := s.tops, s.lefts[:len(s.tops)], s.sides[:len(s.tops)]
	for k := 0; k+1 < len(tops); k += 2 {
		vTop, vLeft, vSide := tops[k], lefts[k], sides[k]
		wTop, wLeft, wSide := tops[k+1], lefts[k+1], sides[k+1]
		i, j := 0, 0
		for range s.depth {
			n, m := nodes[i], nodes[j]
			// > goes to the right.
			i = 2*i + 1 + less(
				int(pix[(vTop+int32(n.row2)*vSide)>>8*width+(vLeft+int32(n.col2)*vSide)>>8]),
				int(pix[(vTop+int32(n.row1)*vSide)>>8*width+(vLeft+int32(n.col1)*vSide)>>8]))
			j = 2*j + 1 + less(
				int(pix[(wTop+int32(m.row2)*wSide)>>8*width+(wLeft+int32(m.col2)*wSide)>>8]),
				int(pix[(wTop+int32(m.row1)*wSide)>>8*width+(wLeft+int32(m.col1)*wSide)>>8]))
		}
		for n, leaf := range [2]int{i - (leaves - 1), j - (leaves - 1)} {
			s.rows[k+n] += s.moves[leaf][0]
			s.cols[k+n] += s.moves[leaf][1]
		}
	}
}
