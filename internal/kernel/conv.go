package kernel

// Conv is the plan of a convolution with bias, PReLU and an added skip
// connection: y = PReLU(conv(x, w) + bias) + skip.
//
// It takes memory for the pre-activation on the first Forward that has to keep it
// and for gradients on the first Backward; Infer needs neither.
type Conv struct {
	shape   ConvShape
	level   *level
	workers *workers

	in     grid // of x, padded
	blocks convBlocks
	parts  int // workers that share a block, each with channels of its own

	pixelAt []int // place in the grid of the first tap of each output pixel of a block
	outAt   []int // place of the pixel in the block's output, NHWC
	taps    []run // of the sum of an output value
	steps   int   // channels of a tap
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
	x          []float32 // padded block
	z, y       []float32 // of a block, NHWC, where they are not kept
}

// NewConv makes a plan that splits its work over the given number of goroutines
// and takes passing memory from a workspace; nil gives it one of its own. It
// panics if the shape is no convolution.
func NewConv(s ConvShape, threads int, w *Workspace) *Conv {
	c := newConv(best, s, threads)
	if w != nil {
		c.workspace = w
	}
	return c
}

func newConv(l *level, s ConvShape, threads int) *Conv {
	s.check()
	c := &Conv{shape: s, level: l, workers: newWorkers(threads), workspace: new(Workspace)}
	channels := roundUp(s.OutC, l.cols)
	c.weights = make([]float32, channels*s.depth())
	c.bias, c.slope = make([]float32, channels), make([]float32, channels)
	in := newGrid(0, (s.OutW()-1)*s.Stride+s.Kernel, s.C)
	in.setRows((s.OutH()-1)*s.Stride + s.Kernel)
	blocks := newConvBlocks(s, in, l.rows, c.workers.count)
	in.setRows((blocks.rows-1)*s.Stride + s.Kernel)
	c.arrange(blocks, in)
	c.packRun, c.forwardRun = c.packPart, c.forwardPart
	return c
}

// arrange divides the work into blocks whose padded input has the form of a
// grid.
func (c *Conv) arrange(blocks convBlocks, in grid) {
	s := c.shape
	c.blocks, c.in = blocks, in
	c.parts = max(1, c.workers.count/blocks.count)
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

// shortSum is the number of products below which starting a register block again
// costs more than the first-level cache saves.
const shortSum = 128

// tapRuns makes the runs of an output value's sum: one a tap, or one a line of
// taps where the channels of neighbouring pixels lie next to each other.
func (c *Conv) tapRuns() {
	s := c.shape
	wide := 1
	if c.in.pixel == s.C {
		wide = s.Kernel
	}
	c.steps = wide * s.C
	for kh := range s.Kernel {
		for kw := 0; kw < s.Kernel; kw += wide {
			first := (kh*s.Kernel + kw) * s.C
			c.taps = append(c.taps, run{c.in.place(0, kh, kw), floatBytes * first * c.level.cols})
		}
	}
	// A long sum is made one line of the kernel at a time: the line's weights
	// then stay in the first-level cache for all pixels of a block.
	c.lines = len(c.taps)
	if s.Kernel*s.C >= shortSum {
		c.lines /= s.Kernel
	}
}

// work returns the blocks [from, to) that are a worker's, and which of the
// c.parts of their channels.
func (c *Conv) work(worker int) (from, to, part int) {
	groups := c.workers.count / c.parts
	group := worker / c.parts
	if group >= groups {
		return 0, 0, 0
	}
	return c.blocks.count * group / groups, c.blocks.count * (group + 1) / groups, worker % c.parts
}

// channels returns the part of n channels, in whole register blocks, that
// belongs to a part.
func (c *Conv) channels(part, n int) (from, to int) {
	blocks := (n + c.level.cols - 1) / c.level.cols
	return blocks * part / c.parts * c.level.cols, min(blocks*(part+1)/c.parts*c.level.cols, n)
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
// [tap][input channel][channel].
func (c *Conv) packPart(worker int) {
	s, cols := c.shape, c.level.cols
	depth, area := s.depth(), s.Kernel*s.Kernel
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
			src := c.call.w[o*depth:][:depth]
			for tap := range area {
				at := tap*s.C*cols + lane
				for i := tap; i < depth; i += area {
					dst[at] = src[i]
					at += cols
				}
			}
		}
	}
}
