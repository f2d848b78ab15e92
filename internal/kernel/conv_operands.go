package kernel

// convOperands is how the tensors of a convolution become the units that the
// tile multiplies. The plan is the same for all.
type convOperands interface {
	// packForward arranges w, [C][Kernel][Kernel] of one output channel, as [tap]
	// [unit of input channels], each a register block's columns from the last.
	packForward(dst, w []float32)
	// packBackward arranges, for a unit of output channels, the weights of a tap
	// for as many input channels as dst is long, from first on.
	packBackward(dst []float32, unit, first, tap int)
	// input fills s.x with the padded input of a block: units of channels.
	input(s *convScratch, b convBlock)
	// allot makes the memory of a part's grids.
	allot(g *convGradient, p *convPart, s *convScratch)
	// inputOfWeights fills p.x with the padded input of a block: units of images.
	inputOfWeights(s *convScratch, p *convPart, b convBlock)
	// gradient fills p.dz, units of channels, and p.dzw, units of images, for a
	// block, and adds to the sums.
	gradient(p *convPart, b convBlock)
}

func newConvOperands(c *Conv) convOperands {
	if c.level.unit == 2 {
		return &convPairs{c}
	}
	return &convFloats{c}
}

// convFloats takes the tensors as they are: one grid of x and one of dz serve all
// products.
type convFloats struct{ *Conv }

func (c *convFloats) packForward(dst, w []float32) {
	area, at := c.shape.Kernel*c.shape.Kernel, 0
	for tap := range area {
		for i := tap; i < len(w); i += area {
			dst[at] = w[i]
			at += c.level.cols
		}
	}
}

func (c *convFloats) packBackward(dst []float32, unit, first, tap int) {
	area := c.shape.Kernel * c.shape.Kernel
	src := c.call.w[(unit*c.shape.C+first)*area+tap:]
	for lane := range dst {
		dst[lane] = src[lane*area]
	}
}

func (c *convFloats) input(s *convScratch, b convBlock) {
	x := c.images()
	top, left := c.corner(b)
	for i := range b.images {
		c.in.load(s.x[i*c.in.image:], x, b.image+i, top, left, c.in.rows)
	}
}

func (c *convFloats) allot(g *convGradient, p *convPart, s *convScratch) {
	p.x = s.x
	p.dz = make([]float32, g.blocks.images*g.dz.image+c.level.cols) // the last channels are read as a whole register block
	p.dzw = p.dz
}

func (c *convFloats) inputOfWeights(s *convScratch, _ *convPart, b convBlock) { c.input(s, b) }

func (c *convFloats) gradient(p *convPart, b convBlock) {
	s, g := c.shape, c.grad
	for i := range b.images {
		for r := range g.dz.rows {
			line := p.dz[i*g.dz.image+r*g.dz.row:][:g.dz.row]
			if row := b.row - g.top + r; row < 0 || row >= s.OutH() {
				clear(line)
				continue
			}
			clear(line[:g.left*g.dz.pixel])
			clear(line[(g.left+s.OutW())*g.dz.pixel:])
			c.gradientLine(p, line[g.left*g.dz.pixel:], b, b.image+i, r)
		}
	}
}
