package kernel

// Forward computes y = PReLU(conv(x, w) + bias) + skip and keeps what Backward
// needs, which may be y itself: it must stay as it is until then.
//
// x is [N, C, H, W], w [OutC, C, Kernel, Kernel], bias and slope [OutC], y and
// skip [N, OutC, OutH, OutW], x, y and skip in the shape's layouts. bias and
// skip may be nil; a nil slope leaves the PReLU out.
func (c *Conv) Forward(y, x, w, bias, slope, skip []float32) {
	if c.winograd == nil && c.gainsFromWinograd() {
		c.prepareWinograd()
	}
	if c.winograd != nil {
		c.winograd.take(c.workspace.floats(c.winograd.floats()))
		c.pack(w, c.winograd.packRun)
	} else {
		c.Pack(w)
	}
	c.setSlope(slope)
	c.kept = y
	if skip == nil && c.shape.Y == NHWC && c.invertible() {
		c.forward(y, x, bias, skip, nil)
		return
	}
	if c.z == nil {
		c.z = make([]float32, c.shape.outputLen())
	}
	c.kept = c.z
	c.forward(y, x, bias, skip, c.z)
}

// Infer computes what Forward computes, with the weights of the last Pack or
// Forward, and keeps nothing for Backward, which must not follow it.
func (c *Conv) Infer(y, x, bias, slope, skip []float32) {
	c.setSlope(slope)
	c.kept = nil
	c.forward(y, x, bias, skip, nil)
}

// leastSlope is the least slope through which a pre-activation is taken from the
// activation: far above where y = slope·z would lose digits, since slope·z is
// rounded relative to itself.
const leastSlope = 1e-6

// invertible tells whether the PReLU can be undone. Its result then stands for
// the pre-activation, which need not be written to memory, in Backward: they
// have the same sign, and one is the other's multiple where the slope matters.
func (c *Conv) invertible() bool {
	for _, s := range c.slope[:c.shape.OutC] {
		if !(s >= leastSlope) {
			return false
		}
	}
	return true
}

// streamFloats is the number of values of a result above which it passes by the
// caches: it would not stay there.
const streamFloats = 4 << 20

func (c *Conv) forward(y, x, bias, skip, z []float32) {
	s := c.shape
	mustLen("convolution", "x", len(x), s.inputLen())
	mustLen("convolution", "y", len(y), s.outputLen())
	mustLenOrNil("convolution", "bias", bias, s.OutC)
	mustLenOrNil("convolution", "skip", skip, s.outputLen())
	if z == nil {
		for _, s := range c.scratch {
			if s.z == nil {
				s.z = make([]float32, len(c.outAt)*c.shape.OutC)
			}
		}
	}
	clear(c.bias)
	copy(c.bias, bias)
	c.call = convCall{y: y, x: x, skip: skip, z: z}
	c.workers.run(c.forwardRun)
	c.call = convCall{}
}

// setSlope takes the slopes of a call; without a PReLU they are 1.
func (c *Conv) setSlope(slope []float32) {
	mustLenOrNil("convolution", "slope", slope, c.shape.OutC)
	copy(c.slope, slope)
	if slope == nil {
		for i := range c.slope {
			c.slope[i] = 1
		}
	}
}

// forwardPart computes one worker's blocks.
func (c *Conv) forwardPart(worker int) {
	s := c.scratch[worker]
	from, to, part := c.blocks.work(worker)
	first, last := c.blocks.channels(part, c.shape.OutC, c.level.cols)
	if first >= last {
		return
	}
	for i := from; i < to; i++ {
		b := c.blocks.at(i, c.shape)
		c.operands.input(s, b)
		z := s.z
		if c.call.z != nil {
			z = c.call.z[c.outputAt(b):]
		}
		if c.winograd != nil && c.kept != nil {
			c.multiplyWinograd(worker, b, z, first, last)
		} else {
			c.multiply(s, b, z, first, last)
		}
		c.activate(s, b, z, first, last)
	}
}

// images are x.
func (c *Conv) images() images {
	s := c.shape
	return images{c.call.x, s.C, s.H, s.W, s.X}
}

// corner is where the padded input of a block begins: its first line and column,
// which may lie outside the image.
func (c *Conv) corner(b convBlock) (top, left int) {
	return b.row*c.shape.Stride - c.shape.Pad, -c.shape.Pad
}

// outputAt is where a block's output begins in NHWC.
func (c *Conv) outputAt(b convBlock) int {
	s := c.shape
	return ((b.image*s.OutH() + b.row) * s.OutW()) * s.OutC
}

// multiply computes z for the channels [first, last) of a block.
func (c *Conv) multiply(s *convScratch, b convBlock, z []float32, first, last int) {
	l, outC := c.level, c.shape.OutC
	pixels := b.images * b.rows * c.shape.OutW()
	t := &s.tile
	t.a, t.aStep, t.bStep = &s.x[0], floatBytes, floatBytes*l.cols
	t.steps, t.runCount = c.steps, c.lines
	for o := first; o < last; o += l.cols {
		t.b, t.init, t.add = &c.weights[o*c.depth()], &c.bias[o], 0
		for line := 0; line < len(c.taps); line += c.lines {
			t.runs = &c.taps[line]
			for p := 0; p < pixels; p += l.rows {
				s.setRows(l, c.pixelAt, c.outAt, p, pixels)
				l.store(&s.tileScratch, z[o:], outC-o)
			}
			t.init, t.add = &s.zero[0], 1
		}
	}
}

// activate computes y from z for the channels [first, last) of a block.
func (c *Conv) activate(s *convScratch, b convBlock, z []float32, first, last int) {
	shape := c.shape
	at := c.outputAt(b)
	pixels := b.images * b.rows * shape.OutW()
	if shape.Y == NHWC {
		var skip []float32
		if c.call.skip != nil {
			skip = c.call.skip[at:]
		}
		c.level.runActivation(&s.activation, c.call.y[at:], z, skip, c.slope, pixels, first, last, shape.OutC, len(c.call.y) >= streamFloats)
		return
	}
	c.level.runActivation(&s.activation, s.y, z, nil, c.slope, pixels, first, last, shape.OutC, false)
	lines := b.rows * shape.OutW()
	for i := range b.images {
		at := (b.image+i)*shape.OutC*shape.pixels() + b.row*shape.OutW()
		from := at + first*shape.pixels()
		pixelsToPlanes(c.call.y[from:], shape.pixels(), s.y[i*lines*shape.OutC+first:], shape.OutC, last-first, lines)
		if c.call.skip == nil {
			continue
		}
		for o := first; o < last; o++ {
			y, skip := c.call.y[at+o*shape.pixels():][:lines], c.call.skip[at+o*shape.pixels():][:lines]
			for j, v := range skip {
				y[j] += v
			}
		}
	}
}
