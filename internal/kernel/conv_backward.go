package kernel

// Backward computes the gradients for the input of the last Forward, from the
// gradient dy of y and the same x, w and slope. dx is as x, dw as w, dbias and
// dslope [OutC]; all are overwritten. dx, dbias and dslope may be nil if they
// are not wanted. The gradient of skip is dy itself.
func (c *Conv) Backward(dx, dw, dbias, dslope, dy, x, w, slope []float32) {
	s := c.shape
	if c.kept == nil {
		panic("kernel: convolution gradient: Backward without a Forward before it")
	}
	mustLen("convolution gradient", "dw", len(dw), s.weightLen())
	mustLen("convolution gradient", "dy", len(dy), s.outputLen())
	mustLen("convolution gradient", "x", len(x), s.inputLen())
	mustLen("convolution gradient", "w", len(w), s.weightLen())
	mustLenOrNil("convolution gradient", "dx", dx, s.inputLen())
	mustLenOrNil("convolution gradient", "dbias", dbias, s.OutC)
	mustLenOrNil("convolution gradient", "dslope", dslope, s.OutC)
	if c.grad == nil {
		c.grad = c.newGradient()
	}
	c.setSlope(slope)
	c.call = convCall{dx: dx, dw: dw, dbias: dbias, dslope: dslope, dy: dy, x: x, w: w}
	c.takeForGradient()
	if dx != nil {
		if c.grad.pack == nil {
			c.preparePhases()
		}
		c.workers.run(c.grad.pack)
	}
	c.workers.run(c.grad.run)
	c.workers.run(c.grad.add)
	c.call = convCall{}
}

// takeForGradient takes from the workspace what a call of Backward needs. The sums
// of the weights' gradients, one copy a worker, are by far the most of it.
func (c *Conv) takeForGradient() {
	g := c.grad
	n := len(g.parts) * lined(g.sums)
	if c.winograd != nil {
		n += c.winograd.floats()
	}
	memory := c.workspace.floats(n)
	for _, p := range g.parts {
		p.dw = carve(&memory, g.sums)
	}
	if c.winograd != nil {
		c.winograd.take(memory)
	}
}

// backwardPart computes the gradients of one worker's blocks.
func (c *Conv) backwardPart(worker int) {
	s, p := c.scratch[worker], c.grad.parts[worker]
	blocks := c.grad.blocks
	from, to, part := blocks.work(worker)
	clear(p.dslope)
	clear(p.dbias)
	first, last := blocks.channels(part, c.shape.OutC, c.level.cols)
	size := len(p.dw) / (len(c.bias) / c.level.cols)
	clear(p.dw[first/c.level.cols*size : roundUp(last, c.level.cols)/c.level.cols*size])
	for i := from; i < to; i++ {
		b := blocks.at(i, c.shape)
		c.loadGradient(p, b)
		if first < last {
			c.operands.inputOfWeights(s, p, b)
			switch {
			case c.winograd != nil:
				c.weightGradientWinograd(worker, b, first, last, size)
			case c.level.gather:
				c.weightGradientGathered(s, p, b, first, last, size)
			default:
				c.weightGradient(s, p, b, first, last, size)
			}
		}
		switch {
		case c.call.dx == nil:
		case c.winograd != nil:
			c.dataGradientWinograd(worker, b, part)
		case blocks.perImage == 1:
			c.dataGradient(s, p, p.dz, b, part)
		default:
			for i := range b.images { // the lines of one do not follow those of another
				c.dataGradient(s, p, p.dz[i*c.grad.dz.image:], convBlock{b.image + i, 1, b.row, b.rows}, part)
			}
		}
	}
}

// loadGradient fills the grids of dz for a block and adds up the gradients of
// bias and slope.
func (c *Conv) loadGradient(p *convPart, b convBlock) {
	s := c.shape
	own := p.sums[:2*s.OutC]
	clear(own)
	c.operands.gradient(p, b)
	for o := range s.OutC {
		p.dslope[o] += float64(own[o])
		p.dbias[o] += float64(own[s.OutC+o])
	}
}

// gradientLine computes the r-th line of dz for an image of a block, which must
// not lie outside the image.
func (c *Conv) gradientLine(p *convPart, dz []float32, b convBlock, image, r int) {
	s, g := c.shape, c.grad
	row := b.row - g.top + r
	sums := p.sums[:2*s.OutC]
	if r < g.top || r >= g.top+b.rows { // another block's
		sums = p.sums[2*s.OutC:]
	}
	at := (image*s.OutH() + row) * s.OutW() * s.OutC
	var dy []float32
	if s.Y == NHWC {
		dy = c.call.dy[at:]
	} else {
		dy = p.dy
		planesToPixels(dy, s.OutC, c.call.dy[image*s.OutC*s.pixels()+row*s.OutW():], s.pixels(), s.OutC, s.OutW())
	}
	c.level.runActivationGrad(&p.activation, dz, dy, c.kept[at:], c.slope, sums[:s.OutC], sums[s.OutC:], s.OutW(), s.OutC, g.dzw.pixel)
}

// weightGradient adds the products of dz and the input of a block to dw, for the
// output channels [first, last). size is the length of a block of channels.
func (c *Conv) weightGradient(s *convScratch, p *convPart, b convBlock, first, last, size int) {
	shape, g, l := c.shape, c.grad, c.level
	t := &s.tile
	t.a, t.init = &p.x[0], &s.zero[0]
	t.aStep, t.bStep = floatBytes*shape.Stride*g.x.pixel, floatBytes*g.dzw.pixel
	t.runs, t.runCount, t.steps, t.add = &g.lines[0], l.units(b.images)*b.rows, shape.OutW(), 1
	t.cRows = &s.edgeRows[0]
	for _, group := range g.groups {
		for o := first; o < last; o += l.cols {
			dw := p.dw[o/l.cols*size:][:size]
			t.b = &p.dzw[o]
			for _, d := range group {
				t.aRows, t.c = &g.depthAt[d], &dw[d*l.cols]
				l.tile(t)
			}
		}
	}
}

// dataGradient computes dx of a block, all of whose images' lines are in dz, for
// a part of the input channels.
func (c *Conv) dataGradient(s *convScratch, p *convPart, dz []float32, b convBlock, part int) {
	shape, g, l := c.shape, c.grad, c.level
	first, last := g.blocks.channels(part, shape.C, l.cols)
	top, bottom := c.inputLines(b)
	dx, at := c.call.dx, (b.image*shape.H+top)*shape.W*shape.C
	if shape.X == NCHW {
		dx, at = p.dx, 0
	}
	t := &s.tile
	t.a, t.init = &dz[0], &s.zero[0]
	t.aStep, t.bStep, t.steps, t.add = floatBytes, floatBytes*l.cols, g.units, 0
	for i := first; i < last; i += l.cols {
		block := g.weights[i/l.cols*g.stepC:][:g.stepC]
		for f := range g.phases {
			ph := &g.phases[f]
			lines := max(0, (bottom-top-ph.row+shape.Stride-1)/shape.Stride)
			pixels := b.images * lines * ph.cols
			t.runs, t.runCount = nil, len(ph.runs)
			if t.runCount > 0 {
				t.runs, t.b = &ph.runs[0], &block[ph.weights]
			}
			for q := 0; q < pixels; q += l.rows {
				s.setRows(l, ph.from, ph.to, q, pixels)
				l.store(&s.tileScratch, dx[at+i:], shape.C-i)
			}
		}
	}
	if shape.X == NHWC {
		return
	}
	lines := (bottom - top) * shape.W
	for i := range b.images {
		to := c.call.dx[((b.image+i)*shape.C+first)*shape.H*shape.W+top*shape.W:]
		pixelsToPlanes(to, shape.H*shape.W, p.dx[i*lines*shape.C+first:], shape.C, last-first, lines)
	}
}
