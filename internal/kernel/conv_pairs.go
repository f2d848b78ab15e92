package kernel

// convPairs makes pairs of bf16. Forward and for the gradient of x, the sums run
// over channels: a pair is two channels of a pixel, and zero follows the last of
// an odd number. For the gradients of the weights they run over pixels: a pair is
// the same pixel and channel of two images, which taps and strides reach like
// one, and zeros stand for the second of an odd number.
type convPairs struct{ *Conv }

func (c *convPairs) packForward(dst, w []float32) {
	area, at := c.shape.Kernel*c.shape.Kernel, 0
	for tap := range area {
		for i := tap; i < len(w); i += 2 * area {
			var second float32
			if i+area < len(w) {
				second = w[i+area]
			}
			dst[at] = pairOf(w[i], second)
			at += c.level.cols
		}
	}
}

func (c *convPairs) packBackward(dst []float32, unit, first, tap int) {
	s := c.shape
	area := s.Kernel * s.Kernel
	at := (2*unit*s.C+first)*area + tap
	next := s.C * area
	if 2*unit+1 == s.OutC {
		for lane := range dst {
			dst[lane] = pairOf(c.call.w[at+lane*area], 0)
		}
		return
	}
	for lane := range dst {
		dst[lane] = pairOf(c.call.w[at+lane*area], c.call.w[at+next+lane*area])
	}
}

func (c *convPairs) input(s *convScratch, b convBlock) {
	line := grid{cols: c.in.cols, pixel: 2 * c.units} // a zero follows an odd number of channels
	line.row = line.cols * line.pixel
	if s.line == nil {
		s.line = make([]float32, line.row)
	}
	x := c.images()
	top, left := c.corner(b)
	for i := range b.images {
		for r := range c.in.rows {
			line.load(s.line, x, b.image+i, top+r, left, 1)
			c.level.pairPixels(s.x[i*c.in.image+r*c.in.row:], c.in.pixel, s.line, line.pixel, line.pixel, line.cols)
		}
	}
}

func (c *convPairs) allot(g *convGradient, p *convPart, _ *convScratch) {
	pairs := g.blocks.images / 2
	p.x = make([]float32, pairs*g.x.image)
	p.dz = make([]float32, g.blocks.images*g.dz.image)
	p.dzw = make([]float32, pairs*g.dzw.image+c.level.cols) // as that of convFloats
	for i := range p.lines {
		p.lines[i] = make([]float32, max(g.x.row, c.shape.OutW()*g.dzw.pixel))
	}
}

func (c *convPairs) inputOfWeights(_ *convScratch, p *convPart, b convBlock) {
	x, g := c.images(), c.grad
	top, left := c.corner(b)
	line := g.x
	line.setRows(1)
	for i := 0; i < b.images; i += 2 {
		for r := range g.x.rows {
			low, high := p.lines[0][:line.row], p.lines[1][:line.row]
			line.load(low, x, b.image+i, top+r, left, 1)
			if i+1 < b.images {
				line.load(high, x, b.image+i+1, top+r, left, 1)
			} else {
				clear(high)
			}
			c.level.pairRows(p.x[i/2*g.x.image+r*g.x.row:], low, high)
		}
	}
}

func (c *convPairs) gradient(p *convPart, b convBlock) {
	g := c.grad
	for i := 0; i < b.images; i += 2 {
		for r := range g.dz.rows {
			c.gradientLines(p, b, i, r)
		}
	}
}

// gradientLines makes the r-th line of dz for the i-th image of a block and the
// one after it.
func (c *convPairs) gradientLines(p *convPart, b convBlock, i, r int) {
	s, g := c.shape, c.grad
	for j := range p.lines {
		if i+j >= b.images {
			clear(p.lines[j])
			continue
		}
		line := p.dz[(i+j)*g.dz.image+r*g.dz.row:][:g.dz.row]
		if row := b.row - g.top + r; row < 0 || row >= s.OutH() {
			clear(line)
			continue
		}
		c.gradientLine(p, p.lines[j], b, b.image+i+j, r)
		clear(line[:g.left*g.dz.pixel])
		clear(line[(g.left+s.OutW())*g.dz.pixel:])
		c.level.pairPixels(line[g.left*g.dz.pixel:], g.dz.pixel, p.lines[j], g.dzw.pixel, s.OutC, s.OutW())
	}
	if r < g.top || r >= g.top+b.rows {
		return
	}
	n := s.OutW() * g.dzw.pixel
	c.level.pairRows(p.dzw[i/2*g.dzw.image+r*g.dzw.row+g.left*g.dzw.pixel:], p.lines[0][:n], p.lines[1][:n])
}
