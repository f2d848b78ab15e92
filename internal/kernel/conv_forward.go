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
	end := min(last*microCols, pixels)
	sums := c.sums[worker]
	for from := first * microCols; from < end; from += c.block {
		to := min(from+c.block, end)
		c.patches.packPixels(columns, c.call.x, from, to)
		for o := 0; o < s.OutC; o += microRows {
			multiplyRows(sums, c.weights[o/microRows*rowSize:][:rowSize], columns, to-from)
			for r := range min(microRows, s.OutC-o) {
				c.activate(sums[r*c.block:][:to-from], o+r, from)
			}
		}
	}
}

// activate finishes the sums of output channel o and the pixels that begin at
// from: bias, PReLU, skip.
func (c *Conv) activate(sums []float32, o, from int) {
	call, pixels := &c.call, c.patches.pixels
	var bias float32
	if call.bias != nil {
		bias = call.bias[o]
	}
	factor := activationFactor(call.slope, o)
	for len(sums) > 0 {
		image, at := from/pixels, from%pixels
		n := min(len(sums), pixels-at)
		start := (image*c.shape.OutC+o)*pixels + at
		y := call.y[start:][:n]
		if call.z == nil {
			for i, v := range sums[:n] {
				v += bias
				y[i] = v * factor[positive(v)]
			}
		} else {
			z := call.z[start:][:n]
			for i, v := range sums[:n] {
				v += bias
				z[i] = v
				y[i] = v * factor[positive(v)]
			}
		}
		if call.skip != nil {
			for i, v := range call.skip[start:][:n] {
				y[i] += v
			}
		}
		sums = sums[n:]
		from += n
	}
}
