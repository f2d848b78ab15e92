package kernel

// gathered is a worker's copy of what the gradient of the weights sums over,
// for levels whose register block is narrower than a line of the cache: where
// it lies, each step would read a line of x and one of dz for a few values.
type gathered struct {
	x  []float32 // [row of a register block][pixel]
	dz []float32 // [block of output channels][pixel][channel]
}

func (c *Conv) newGathered(g *convGradient) gathered {
	pixels := len(g.lines) * c.shape.OutW()
	return gathered{x: make([]float32, c.level.rows*pixels), dz: make([]float32, len(c.bias)*pixels)}
}

// weightGradientGathered is weightGradient with copies of its operands, whose
// pixels follow each other: the dense tile then sums over all in one run.
func (c *Conv) weightGradientGathered(s *convScratch, p *convPart, b convBlock, first, last, size int) {
	g, l := c.grad, c.level
	lines := g.lines[:l.units(b.images)*b.rows]
	pixels := len(lines) * c.shape.OutW()
	for o := first; o < last; o += l.cols {
		c.gatherGradient(p.gathered.dz[o*pixels:], p.dzw[o:], lines)
	}
	for i := range l.rows {
		s.aRows[i] = floatBytes * i * pixels
	}
	t := &s.tile
	t.a, t.init = &p.gathered.x[0], &s.zero[0]
	t.aStep, t.bStep = floatBytes, floatBytes*l.cols
	t.runs, t.runCount, t.steps, t.add = &s.whole, 1, pixels, 1
	t.aRows, t.cRows = &s.aRows[0], &s.edgeRows[0]
	for d := 0; d < len(g.depthAt); d += l.rows {
		for i := range l.rows {
			c.gatherInput(p.gathered.x[i*pixels:], p.x[g.depthAt[d+i]/floatBytes:], lines)
		}
		for o := first; o < last; o += l.cols {
			t.b, t.c = &p.gathered.dz[o*pixels], &p.dw[o/l.cols*size+d*l.cols]
			l.dense(t)
		}
	}
}

// gatherInput copies the value of one tap and channel for all pixels of the
// lines. x begins at that of the grid's first pixel.
func (c *Conv) gatherInput(dst, x []float32, lines []run) {
	width, step := c.shape.OutW(), c.shape.Stride*c.grad.x.pixel
	for _, line := range lines {
		at := line.a / floatBytes
		for i := range dst[:width] {
			dst[i] = x[at]
			at += step
		}
		dst = dst[width:]
	}
}

// gatherGradient copies a block of channels for all pixels of the lines. dz
// begins at that of the grid's first pixel. The portable level alone gathers.
func (c *Conv) gatherGradient(dst, dz []float32, lines []run) {
	for _, line := range lines {
		at := line.b / floatBytes
		for range c.shape.OutW() {
			// A copy whose length the compiler knows costs no call.
			*(*[portableCols]float32)(dst) = [portableCols]float32(dz[at:])
			dst = dst[portableCols:]
			at += c.grad.dzw.pixel
		}
	}
}
