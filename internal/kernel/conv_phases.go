package kernel

// phase is the part of the input's pixels that the same taps of the kernel
// reach: with a stride of 2, one of four.
type phase struct {
	row, col int   // of its first pixel
	cols     int   // pixels in a line
	taps     []tap // that reach it
	runs     []run
	weights  int   // where its weights begin in a block of input channels
	from, to []int // places of its pixels in the grid of dz, and in dx NHWC
}

// tap is a place of the kernel, and how far from the pixel of dz at the same
// line and column of the phase the one lies that it reads.
type tap struct{ kh, kw, dh, dw int }

// preparePhases makes what the gradient of x needs.
func (c *Conv) preparePhases() {
	s, g := c.shape, c.grad
	at := 0
	for row := range s.Stride {
		for col := range s.Stride {
			p := phase{row: row, col: col, cols: (s.W - col + s.Stride - 1) / s.Stride, weights: at}
			for kh := range s.Kernel {
				for kw := range s.Kernel {
					if h, w := row+s.Pad-kh, col+s.Pad-kw; h%s.Stride == 0 && w%s.Stride == 0 {
						p.taps = append(p.taps, tap{kh, kw, h / s.Stride, w / s.Stride})
					}
				}
			}
			for i, t := range p.taps {
				p.runs = append(p.runs, run{
					a: floatBytes * (t.dh*g.dz.row + t.dw*g.dz.pixel),
					b: floatBytes * i * g.units * c.level.cols,
				})
			}
			if p.cols == 0 { // the image is narrower than the stride
				continue
			}
			at += len(p.taps) * g.units * c.level.cols
			c.placePhase(&p)
			g.phases = append(g.phases, p)
		}
	}
	g.stepC = at
	g.weights = make([]float32, at*roundUp(s.C, c.level.cols)/c.level.cols)
	g.pack = c.packGradientPart
	if c.winograd != nil {
		g.pack = c.winograd.packDataRun
	}
	if s.X == NCHW {
		for _, p := range g.parts {
			p.dx = make([]float32, g.blocks.images*c.mostLines()*s.W*s.C)
		}
	}
}

// placePhase lists the places of a phase's pixels, for the block with the most
// lines of input.
func (c *Conv) placePhase(p *phase) {
	s, g := c.shape, c.grad
	for i := range g.blocks.images {
		for r := range (c.mostLines() - p.row + s.Stride - 1) / s.Stride {
			for w := range p.cols {
				p.from = append(p.from, g.dz.place(i, r+g.top, w+g.left))
				p.to = append(p.to, floatBytes*((i*s.H+p.row+r*s.Stride)*s.W+p.col+w*s.Stride)*s.C)
			}
		}
	}
}

// inputLines are the lines of x that a block's gradient covers: those of the
// blocks do not overlap, and together they are all.
func (c *Conv) inputLines(b convBlock) (from, to int) {
	s := c.shape
	from, to = min(b.row*s.Stride, s.H), min((b.row+b.rows)*s.Stride, s.H)
	if b.last(s) {
		to = s.H
	}
	return from, to
}

// mostLines is the largest number of lines of x that a block covers.
func (c *Conv) mostLines() int {
	most := 0
	for i := range c.grad.blocks.perImage {
		from, to := c.inputLines(c.grad.blocks.at(i, c.shape))
		most = max(most, to-from)
	}
	return most
}

// packGradientPart arranges one worker's share of the weights for dx.
func (c *Conv) packGradientPart(worker int) {
	s, g, cols := c.shape, c.grad, c.level.cols
	from, to := c.workers.share(worker, len(g.weights)/max(g.stepC, 1))
	for block := from; block < to; block++ {
		at := block * g.stepC
		n := min(cols, s.C-block*cols)
		for _, p := range g.phases {
			for _, t := range p.taps {
				for unit := range g.units {
					c.operands.packBackward(g.weights[at:][:n], unit, block*cols, t.kh*s.Kernel+t.kw)
					at += cols
				}
			}
		}
	}
}
