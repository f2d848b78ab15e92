package pico

import "context"

// pass returns the windows with their centres at such places that pass all trees,
// and by how much. It goes tree by tree and not window by window: so a tree stays
// in the nearest cache, and windows do not wait for each other. It overwrites
// centres.
func (f *Finder) pass(ctx context.Context, g Gray, size int, centres []int32) ([]int32, []float32, error) {
	leaves := 1 << f.depth
	b := ballot{
		pix: g.Pix, size: size, width: g.W, depth: f.depth, pairs: make([]pair, leaves),
		centres: centres, sums: make([]float32, len(centres)),
	}
	for t, threshold := range f.thresholds {
		if len(b.centres) == 0 {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		b.nodes, b.leaves, b.threshold = f.nodes[t*leaves:][:leaves], f.leaves[t*leaves:][:leaves], threshold
		best.votes(&b)
		b.centres, b.sums = b.centres[:b.kept], b.sums[:b.kept]
	}
	last := f.thresholds[len(f.thresholds)-1]
	for i := range b.sums {
		b.sums[i] -= last
	}
	return b.centres, b.sums, nil
}
