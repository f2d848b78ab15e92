package kernel

// convGradient is what a convolution needs for its gradients.
type convGradient struct {
	blocks convBlocks
	x      grid // of x, as the weights' gradients need it
	dz     grid // of a block of dz, with the lines and columns around it that dx needs
	dzw    grid // likewise, as the weights' gradients need it
	units  int  // of a pixel of dz
	top    int  // lines of these grids above the block's own
	left   int  // columns before the first

	depthAt []int   // places in the input's grid of the taps and channels of a pixel
	groups  [][]int // register blocks of depthAt, by the part of the input's channels that they read
	lines   []run   // of the sum of a weight's gradient: the lines of a block
	phases  []phase
	weights []float32 // for dx: [phase][block of input channels][tap][unit of output channels][channel]
	stepC   int       // units of one block of input channels in weights

	parts []*convPart
	sums  int // floats of a part's dw

	pack, run, add func(worker int)
}

// convPart is one worker's part of the gradients: the sums over its blocks.
type convPart struct {
	x, dz, dzw []float32    // as the grids
	lines      [2][]float32 // of two images, where they are not yet in units

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
	g := &convGradient{units: l.units(s.OutC)}
	g.blocks, g.x = c.blocks, c.in
	if l.unit != 1 { // of images, no longer of channels
		g.blocks, g.x = c.divide(s.C, l.unit)
	}
	g.top = max(0, floorDiv(s.Kernel-1-s.Pad, s.Stride))
	g.left = g.top
	below := max(0, floorDiv(s.Pad-1, s.Stride)+1, floorDiv(s.H-1+s.Pad, s.Stride)-(s.OutH()-1))
	right := max(0, floorDiv(s.W-1+s.Pad, s.Stride)-(s.OutW()-1))
	g.dz = newGrid(g.top+g.blocks.rows+below, g.left+s.OutW()+right, g.units)
	if c.winograd != nil {
		g.dz = newGrid(c.in.rows, c.in.cols, g.units)
	}
	g.dzw = newGrid(g.dz.rows, g.dz.cols, s.OutC)

	rows := roundUp(s.depth(), l.rows)
	for d := range rows {
		d = min(d, s.depth()-1)
		t, channel := d/s.C, d%s.C
		g.depthAt = append(g.depthAt, g.x.place(0, t/s.Kernel, t%s.Kernel)+floatBytes*channel)
	}
	g.groups = c.depthGroups(g, rows)
	for i := range g.blocks.images / l.unit {
		for r := range g.blocks.rows {
			g.lines = append(g.lines, run{g.x.place(i, r*s.Stride, 0), g.dzw.place(i, r+g.top, g.left)})
		}
	}
	g.sums = len(c.bias) * rows
	for i := range c.workers.count {
		p := c.newPart(g)
		c.operands.allot(g, p, c.scratch[i])
		g.parts = append(g.parts, p)
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
func (c *Conv) depthGroups(g *convGradient, rows int) [][]int {
	count := (g.blocks.images/c.level.unit*g.x.image + groupFloats - 1) / groupFloats
	channels := (c.shape.C + count - 1) / count
	groups := make([][]int, (c.shape.C+channels-1)/channels)
	for d := 0; d < rows; d += c.level.rows {
		i := d % c.shape.C / channels
		groups[i] = append(groups[i], d)
	}
	return groups
}

func (c *Conv) newPart(g *convGradient) *convPart {
	s := c.shape
	p := &convPart{
		sums:   make([]float32, 4*s.OutC),
		dslope: make([]float64, s.OutC),
		dbias:  make([]float64, s.OutC),
	}
	if c.level.gather {
		p.gathered = c.newGathered(g)
	}
	if s.Y == NCHW {
		p.dy = make([]float32, g.blocks.images*g.dz.rows*s.OutW()*s.OutC)
	}
	return p
}
