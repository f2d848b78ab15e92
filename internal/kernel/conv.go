package kernel

// Conv is the plan of a convolution with bias, PReLU and an added skip
// connection: y = PReLU(conv(x, w) + bias) + skip.
//
// It takes memory for the pre-activation on the first Forward that has to keep it
// and for gradients on the first Backward; Infer needs neither.
type Conv struct {
	shape    ConvShape
	level    *level
	workers  *workers
	operands convOperands

	in     grid // of x, padded
	units  int  // of a pixel
	blocks convBlocks

	pixelAt []int // place in the grid of the first tap of each output pixel of a block
	outAt   []int // place of the pixel in the block's output, NHWC
	taps    []run // of the sum of an output value
	steps   int   // units of a run
	lines   int   // runs that are summed in one go
	weights []float32
	bias    []float32 // with zeros up to whole vectors
	slope   []float32 // likewise, ones where there is no PReLU
	scratch []*convScratch

	winograd  *winogradPlan // for Forward and Backward, where it suits the shape
	workspace *Workspace

	z    []float32 // pre-activation, NHWC
	kept []float32 // what Forward left for Backward: z, or y where that tells z
	grad *convGradient

	call       convCall
	packRun    func(worker int)
	forwardRun func(worker int)
}

// convCall holds the arguments of the call that is running.
type convCall struct {
	x, w, y, skip         []float32
	z                     []float32
	dx, dw, dbias, dslope []float32
	dy                    []float32
}

// convScratch is what a worker writes to on the way.
type convScratch struct {
	tileScratch
	activation activation
	x          []float32 // padded block, in units
	line       []float32 // of a block, where it is not yet in units
	z, y       []float32 // of a block, NHWC, where they are not kept
}

// ConvOptions say how a plan computes its convolution.
type ConvOptions struct {
	Threads   int        // goroutines that share the work
	Precision Precision  // of the products
	Workspace *Workspace // for passing memory; nil gives the plan one of its own
}

// NewConv makes a plan. It panics if the shape is no convolution, or if there is
// no such precision here.
func NewConv(s ConvShape, o ConvOptions) *Conv {
	c := newConv(o.Precision.level(), s, o.Threads)
	if o.Workspace != nil {
		c.workspace = o.Workspace
	}
	return c
}

func newConv(l *level, s ConvShape, threads int) *Conv {
	s.check()
	c := &Conv{shape: s, level: l, workers: newWorkers(threads), units: l.units(s.C), workspace: new(Workspace)}
	c.operands = newConvOperands(c)
	channels := roundUp(s.OutC, l.cols)
	c.weights = make([]float32, channels*c.depth())
	c.bias, c.slope = make([]float32, channels), make([]float32, channels)
	c.arrange(c.divide(c.units, 1))
	c.packRun, c.forwardRun = c.packPart, c.forwardPart
	return c
}

// depth returns the number of units that make one output value.
func (c *Conv) depth() int { return c.units * c.shape.Kernel * c.shape.Kernel }

// divide returns the blocks of the work, and the grid of the padded input of
// one, with that many units a pixel and images a unit.
func (c *Conv) divide(pixel, unit int) (convBlocks, grid) {
	s := c.shape
	g := newGrid((s.OutH()-1)*s.Stride+s.Kernel, (s.OutW()-1)*s.Stride+s.Kernel, pixel)
	b := newConvBlocks(s, g, c.level.rows, c.workers.count, unit)
	g.setRows((b.rows-1)*s.Stride + s.Kernel)
	return b, g
}

// arrange takes blocks of the work, and a grid for the padded input of one.
func (c *Conv) arrange(blocks convBlocks, in grid) {
	s := c.shape
	c.blocks, c.in = blocks, in
	c.outAt, c.pixelAt, c.taps, c.scratch = nil, nil, nil, nil
	for i := range blocks.images {
		for r := range blocks.rows {
			for w := range s.OutW() {
				c.outAt = append(c.outAt, floatBytes*len(c.outAt)*s.OutC)
				c.pixelAt = append(c.pixelAt, in.place(i, r*s.Stride, w*s.Stride))
			}
		}
	}
	c.tapRuns()
	for range c.workers.count {
		c.scratch = append(c.scratch, c.newScratch())
	}
}

func (c *Conv) newScratch() *convScratch {
	s := &convScratch{x: make([]float32, c.blocks.images*c.in.image)}
	s.init(c.level)
	if c.shape.Y == NCHW {
		s.y = make([]float32, c.blocks.images*c.blocks.rows*c.shape.OutW()*c.shape.OutC)
	}
	return s
}

// shortSum is the number of units below which starting a register block again
// costs more than the first-level cache saves.
const shortSum = 128

// tapRuns makes the runs of an output value's sum: one a tap, or one a line of
// taps where the channels of neighbouring pixels lie next to each other.
func (c *Conv) tapRuns() {
	s := c.shape
	wide := 1
	if c.in.pixel == c.units {
		wide = s.Kernel
	}
	c.steps = wide * c.units
	for kh := range s.Kernel {
		for kw := 0; kw < s.Kernel; kw += wide {
			first := (kh*s.Kernel + kw) * c.units
			c.taps = append(c.taps, run{c.in.place(0, kh, kw), floatBytes * first * c.level.cols})
		}
	}
	// A long sum is made one line of the kernel at a time: the line's weights
	// then stay in the first-level cache for all pixels of a block.
	c.lines = len(c.taps)
	if s.Kernel*c.units >= shortSum {
		c.lines /= s.Kernel
	}
}

// Pack arranges the weights, w [OutC, C, Kernel, Kernel], for Infer.
func (c *Conv) Pack(w []float32) { c.pack(w, c.packRun) }

func (c *Conv) pack(w []float32, run func(worker int)) {
	mustLen("convolution", "w", len(w), c.shape.weightLen())
	c.call.w = w
	c.workers.run(run)
	c.call.w = nil
}

// packPart arranges one worker's share of the weights as [block of channels]
// [tap][unit of input channels][channel].
func (c *Conv) packPart(worker int) {
	s, cols, depth := c.shape, c.level.cols, c.depth()
	from, to := c.workers.share(worker, len(c.bias)/cols)
	for block := from; block < to; block++ {
		dst := c.weights[block*cols*depth:][:cols*depth]
		for lane := range cols {
			o := block*cols + lane
			if o >= s.OutC {
				for d := range depth {
					dst[d*cols+lane] = 0
				}
				continue
			}
			c.operands.packForward(dst[lane:], c.call.w[o*s.depth():][:s.depth()])
		}
	}
}
