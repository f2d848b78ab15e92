package kernel

// convGradient is what a convolution needs for its gradients.
type convGradient struct {
	dz   grid // of a block of dz, with the lines and columns around it that dx needs
	top  int  // lines of the grid above the block's own
	left int  // columns of the grid before the first

	depthAt []int   // places in the input's grid of the taps and channels of a pixel
	groups  [][]int // register blocks of depthAt, by the part of the input's channels that they read
	lines   []run   // of the sum of a weight's gradient: the lines of a block
	phases  []phase
	weights []float32 // for dx: [phase][block of input channels][tap][output channel][channel]
	stepC   int       // floats of one block of input channels in weights

	parts []*convPart

	pack, run, add func(worker int)
}

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

// convPart is one worker's part of the gradients: the sums over its blocks.
type convPart struct {
	dz     []float32
	dy, dx []float32 // of a block, NHWC, where the tensors are NCHW
	dw     []float32 // [block of output channels][tap][channel][output channel]
	sums   []float32 // dslope and dbias of a block; then those of lines not its own
	dslope []float64
	dbias  []float64

	gathered   gathered // where the level gathers
	activation activationGrad
}

func (c *Conv) newGradient() *convGradient {
	s, l := c.shape, c.level
	g := &convGradient{}
	g.top = max(0, floorDiv(s.Kernel-1-s.Pad, s.Stride))
	g.left = g.top
	below := max(0, floorDiv(s.Pad-1, s.Stride)+1, floorDiv(s.H-1+s.Pad, s.Stride)-(s.OutH()-1))
	right := max(0, floorDiv(s.W-1+s.Pad, s.Stride)-(s.OutW()-1))
	g.dz = newGrid(g.top+c.blocks.rows+below, g.left+s.OutW()+right, s.OutC)
	if c.winograd != nil {
		g.dz = newGrid(c.in.rows, c.in.cols, s.OutC)
	}

	rows := roundUp(s.depth(), l.rows)
	for d := range rows {
		d = min(d, s.depth()-1)
		t, channel := d/s.C, d%s.C
		g.depthAt = append(g.depthAt, c.in.place(0, t/s.Kernel, t%s.Kernel)+floatBytes*channel)
	}
	g.groups = c.depthGroups(rows)
	for i := range c.blocks.images {
		for r := range c.blocks.rows {
			g.lines = append(g.lines, run{c.in.place(i, r*s.Stride, 0), g.dz.place(i, r+g.top, g.left)})
		}
	}
	for range c.workers.count {
		g.parts = append(g.parts, c.newPart(g, rows))
	}
	g.run, g.add = c.backwardPart, c.addParts
	return g
}

// groupFloats is how much of a block's input is read for one group of the
// weights' gradients, at most: what stays in the second-level cache while all
// output channels go by.
const groupFloats = 48 << 10

// depthGroups sorts the register blocks of the weights' gradients by the input
// channels that they read.
func (c *Conv) depthGroups(rows int) [][]int {
	count := (c.blocks.images*c.in.image + groupFloats - 1) / groupFloats
	channels := (c.shape.C + count - 1) / count
	groups := make([][]int, (c.shape.C+channels-1)/channels)
	for d := 0; d < rows; d += c.level.rows {
		i := d % c.shape.C / channels
		groups[i] = append(groups[i], d)
	}
	return groups
}

func (c *Conv) newPart(g *convGradient, rows int) *convPart {
	s := c.shape
	p := &convPart{
		dz:     make([]float32, c.blocks.images*g.dz.image+c.level.cols), // the last channels are read as a whole register block
		dw:     make([]float32, len(c.bias)*rows),
		sums:   make([]float32, 4*s.OutC),
		dslope: make([]float64, s.OutC),
		dbias:  make([]float64, s.OutC),
	}
	if c.level.gather {
		p.gathered = c.newGathered()
	}
	if s.Y == NCHW {
		p.dy = make([]float32, c.blocks.images*g.dz.rows*s.OutW()*s.OutC)
	}
	return p
}

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
					b: floatBytes * i * s.OutC * c.level.cols,
				})
			}
			if p.cols == 0 { // the image is narrower than the stride
				continue
			}
			at += len(p.taps) * s.OutC * c.level.cols
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
			p.dx = make([]float32, c.blocks.images*c.mostLines()*s.W*s.C)
		}
	}
}

// placePhase lists the places of a phase's pixels, for the block with the most
// lines of input.
func (c *Conv) placePhase(p *phase) {
	s, g := c.shape, c.grad
	for i := range c.blocks.images {
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
	for i := range c.blocks.perImage {
		from, to := c.inputLines(c.blocks.at(i, c.shape))
		most = max(most, to-from)
	}
	return most
}

// packGradientPart arranges one worker's share of the weights for dx.
func (c *Conv) packGradientPart(worker int) {
	s, g, cols := c.shape, c.grad, c.level.cols
	area := s.Kernel * s.Kernel
	from, to := c.workers.share(worker, len(g.weights)/max(g.stepC, 1))
	for block := from; block < to; block++ {
		at := block * g.stepC
		n := min(cols, s.C-block*cols)
		for _, p := range g.phases {
			for _, t := range p.taps {
				for o := range s.OutC {
					src := c.call.w[(o*s.C+block*cols)*area+t.kh*s.Kernel+t.kw:]
					dst := g.weights[at:][:cols]
					for lane := range n {
						dst[lane] = src[lane*area]
					}
					at += cols
				}
			}
		}
	}
}
