package pico

// ballot is the vote of a tree on windows of one size, of which there is at least
// one. A level's function adds what the tree says to the sums, moves the windows
// whose sum is above the threshold then to the front of centres and sums, in their
// order, and sets kept to their number. The pairs are scratch.
type ballot struct {
	pix                []uint8
	nodes              []spot // of the tree: 2^depth, of which the last is none
	pairs              []pair // as many
	leaves             []float32
	centres            []int32 // places in memory
	sums               []float32
	size, width, depth int
	threshold          float32
	kept               int
}

// pair is a node's pixels, as distances from a window's centre in memory.
type pair struct{ first, second int32 }

// pair returns that of a node for windows of a size in an image of a width.
func (n spot) pair(size, width int32) pair {
	return pair{
		int32(n.row1)*size>>8*width + int32(n.col1)*size>>8,
		int32(n.row2)*size>>8*width + int32(n.col2)*size>>8,
	}
}

// fewWindows are those for which a tree's pairs are not computed ahead: they come
// to a part of its nodes.
const fewWindows = 8

func votesPortable(b *ballot) {
	pix, depth, size, width := b.pix, b.depth, int32(b.size), int32(b.width)
	centres, sums := b.centres, b.sums[:len(b.centres)]
	nodes, pairs := b.nodes, b.pairs[:len(b.nodes)]
	few := len(centres) < fewWindows
	if !few {
		for i, n := range nodes {
			pairs[i] = n.pair(size, width)
		}
	}
	kept := 0
	for k, centre := range centres {
		i := 0
		for range depth {
			if few {
				pairs[i] = nodes[i].pair(size, width)
			}
			p := pairs[i]
			// ≤ goes to the right.
			i = 2*i + 1 + less(int(pix[centre+p.first]), int(pix[centre+p.second])+1)
		}
		sum := sums[k] + b.leaves[i-len(nodes)+1]
		centres[kept], sums[kept] = centre, sum
		if sum > b.threshold {
			kept++
		}
	}
	b.kept = kept
}
