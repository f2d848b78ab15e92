package pico

import "context"

// pair is a node's pixels, as distances from a window's centre in memory.
type pair struct{ first, second int }

// pair returns that of a node for windows of a size in an image of a width.
func (n spot) pair(size, width int) pair {
	return pair{
		int(n.row1)*size>>8*width + int(n.col1)*size>>8,
		int(n.row2)*size>>8*width + int(n.col2)*size>>8,
	}
}

// ballot is the cascade's vote on windows of one size.
type ballot struct {
	*Finder
	g       Gray
	size    int
	centres []int     // of the windows that have passed all trees so far: places in memory
	sums    []float32 // of the votes on them
	pairs   []pair    // scratch for a tree
}

// pass returns the windows with their centres at such places that pass all trees,
// and by how much. It goes tree by tree and not window by window: so a tree stays
// in the nearest cache, and windows do not wait for each other. It overwrites
// centres.
func (f *Finder) pass(ctx context.Context, g Gray, size int, centres []int) ([]int, []float32, error) {
	b := ballot{f, g, size, centres, make([]float32, len(centres)), make([]pair, 1<<f.depth-1)}
	for t := 0; t < len(f.thresholds) && len(b.centres) > 0; t++ {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		b.vote(t)
	}
	last := f.thresholds[len(f.thresholds)-1]
	for i := range b.sums {
		b.sums[i] -= last
	}
	return b.centres, b.sums, nil
}

// fewWindows are those for which a tree's pairs are not computed ahead: they come
// to a part of its nodes.
const fewWindows = 8

// vote adds what a tree says, and drops the windows whose sum is not above the
// threshold then.
func (b *ballot) vote(tree int) {
	nodes := b.nodes[tree*(1<<b.depth-1):][:1<<b.depth-1]
	leaves, threshold := b.leaves[tree<<b.depth:][:1<<b.depth], b.thresholds[tree]
	pix, width, size, depth := b.g.Pix, b.g.W, b.size, b.depth
	centres, sums, pairs := b.centres, b.sums[:len(b.centres)], b.pairs[:len(nodes)]
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
		sum := sums[k] + leaves[i-len(nodes)]
		centres[kept], sums[kept] = centre, sum
		if sum > threshold {
			kept++
		}
	}
	b.centres, b.sums = centres[:kept], sums[:kept]
}
