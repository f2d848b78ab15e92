package kernel

import "github.com/sphereface-go/sphereface/internal/kernel/winograd"

// blocksOf is how many register blocks hold n columns.
func blocksOf(n, cols int) int { return (n + cols - 1) / cols }

// filterPlane is the distance between points of the filters, in floats: a line
// of the cache more than there are, for the same reason as in newPointPlanes.
func filterPlane(l *level, channels int) int { return channels*l.cols + 16 }

// transformFilters makes the points of one block of filters from their taps,
// which lie step apart from first on.
func (l *level) transformFilters(t *transform, dst, first *float32, step, channels int) {
	n := channels * l.cols
	plane := floatBytes * filterPlane(l, channels)
	*t = transform{
		src: first, srcRow: winograd.Taps * step, srcCol: step,
		dst: dst, dstRow: winograd.Inputs * plane, dstCol: plane, channels: n,
	}
	l.transforms.filter(t)
}

// packFilters arranges one worker's share of the weights.
func (c *Conv) packFilters(worker int) {
	c.packPart(worker)
	s, l, w := c.shape, c.level, c.winograd
	from, to := c.workers.share(worker, blocksOf(s.OutC, l.cols))
	for block := from; block < to; block++ {
		dst := &w.filters[block*points*filterPlane(l, s.C)]
		l.transformFilters(&w.scratch[worker].transform, dst, &c.weights[block*l.cols*s.depth()], floatBytes*s.C*l.cols, s.C)
	}
}
