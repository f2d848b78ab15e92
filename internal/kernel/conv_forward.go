package kernel

// Forward computes y = PReLU(conv(x, w) + bias) + skip and keeps the
// pre-activation for Backward.
//
// x is [N, C, H, W], w [OutC, C, Kernel, Kernel], bias and slope [OutC], y and
// skip [N, OutC, OutH, OutW]. bias and skip may be nil; a nil slope leaves the
// PReLU out.
func (c *Conv) Forward(y, x, w, bias, slope, skip []float32) {
	if c.z == nil {
		c.z = make([]float32, c.shape.outputLen())
	}
	c.forward(y, x, w, bias, slope, skip, c.z)
}

// Infer computes what Forward computes without keeping anything for Backward,
// which must not follow it.
func (c *Conv) Infer(y, x, w, bias, slope, skip []float32) {
	c.forward(y, x, w, bias, slope, skip, nil)
}

func (c *Conv) forward(y, x, w, bias, slope, skip, z []float32) {
	s := c.shape
	mustLen("convolution", "x", len(x), s.inputLen())
	mustLen("convolution", "w", len(w), s.weightLen())
	mustLen("convolution", "y", len(y), s.outputLen())
	mustLenOrNil("convolution", "bias", bias, s.OutC)
	mustLenOrNil("convolution", "slope", slope, s.OutC)
	mustLenOrNil("convolution", "skip", skip, s.outputLen())
	packPanels(c.weights, matrix{w, s.depth(), 1}, microRows, 0, s.OutC, 0, s.depth())
	c.call = convCall{y: y, x: x, bias: bias, slope: slope, skip: skip, z: z}
	c.workers.run(c.forwardRun)
	c.call = convCall{}
}

// forwardPart computes one worker's share of the batch's output pixels, in
// whole panels.
func (c *Conv) forwardPart(worker int) {
	s, pixels := c.shape, c.shape.N*c.shape.pixels()
	first, last := c.workers.share(worker, (pixels+microCols-1)/microCols)
	columns := c.columns[worker]
	rowSize := panelsLen(microRows, microRows, s.depth())
	colSize := panelsLen(microCols, microCols, s.depth())
	end := min(last*microCols, pixels)
	for from := first * microCols; from < end; from += c.block {
		to := min(from+c.block, end)
		c.patches.packPixels(columns, c.call.x, from, to)
		for o := 0; o < s.OutC; o += microRows {
			row := c.weights[o/microRows*rowSize:][:rowSize]
			for q := from; q < to; q += microCols {
				var t tile
				micro(&t, row, columns[(q-from)/microCols*colSize:][:colSize])
				c.store(&t, o, q, min(q+microCols, to))
			}
		}
	}
}

// store finishes the sums of output channels o, o+1 and pixels [from, to):
// bias, PReLU, skip.
func (c *Conv) store(t *tile, o, from, to int) {
	call, pixels := &c.call, c.patches.pixels
	for r := range min(microRows, c.shape.OutC-o) {
		var bias, slope float32 = 0, 1
		if call.bias != nil {
			bias = call.bias[o+r]
		}
		if call.slope != nil {
			slope = call.slope[o+r]
		}
		image, at := from/pixels, from%pixels
		i := (image*c.shape.OutC+o+r)*pixels + at
		for j := range to - from {
			if at == pixels { // the panel goes on in the next image
				at = 0
				i += (c.shape.OutC - 1) * pixels
			}
			v := t[r*microCols+j] + bias
			if call.z != nil {
				call.z[i] = v
			}
			if !(v > 0) {
				v *= slope
			}
			if call.skip != nil {
				v += call.skip[i]
			}
			call.y[i] = v
			i++
			at++
		}
	}
}
