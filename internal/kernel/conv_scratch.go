package kernel

// convGradient is the scratch of Conv.Backward.
type convGradient struct {
	block   int // output pixels of one step, at most
	weights []float32
	parts   []convPart
	run     func(worker int)
	add     func(worker int)
}

// convPart is one worker's part of the gradients: the sums over its images.
type convPart struct {
	rows    []float32 // row panels of dz, summed dimension: pixels
	columns []float32 // column panels of dz, summed dimension: output channels
	taps    []float32 // one column panel of patches, summed dimension: pixels
	grad    []float32 // two taps' gradients by pixel
	dw      []tile    // [tap panel][channel panel]
	dbias   []float64
	dslope  []float64
}

func (c *Conv) newGradient() *convGradient {
	s := c.shape
	g := &convGradient{block: gradientBlock(s)}
	room := roundUp(g.block, microStep)
	g.weights = make([]float32, panelsLen(microRows, s.depth(), s.OutC))
	// A worker without images needs no part, and its part would not be added.
	for range min(c.workers.count, s.N) {
		g.parts = append(g.parts, convPart{
			rows:    make([]float32, panelsLen(microRows, s.OutC, room)),
			columns: make([]float32, panelsLen(microCols, room, s.OutC)),
			taps:    make([]float32, panelsLen(microCols, microCols, room)),
			grad:    make([]float32, microRows*room),
			dw:      make([]tile, roundUp(s.depth(), microCols)/microCols*(roundUp(s.OutC, microRows)/microRows)),
			dbias:   make([]float64, s.OutC),
			dslope:  make([]float64, s.OutC),
		})
	}
	g.run = c.backwardPart
	g.add = c.addParts
	return g
}

// gradientBlock returns how many output pixels are worked on at a time: some
// whole images or an even part of one. What a pixel of the input receives is
// then added up in an order that does not depend on how the images are shared.
func gradientBlock(s ConvShape) int {
	limit, pixels := pixelBlock(s.OutC), s.pixels()
	if pixels <= limit {
		return min(limit/pixels, s.N) * pixels
	}
	parts := (pixels + limit - 1) / limit
	return roundUp((pixels+parts-1)/parts, microStep)
}

// blockEnd returns the end of the block of pixels that begins at from.
func (g *convGradient) blockEnd(from, end, pixels int) int {
	if g.block < pixels {
		end = min(end, (from/pixels+1)*pixels)
	}
	return min(from+g.block, end)
}
