package kernel

// Conv is the plan of a convolution with bias, PReLU and an added skip
// connection: y = PReLU(conv(x, w) + bias) + skip.
//
// It takes memory for the pre-activation on the first Forward and for gradients
// on the first Backward; Infer needs neither.
type Conv struct {
	shape   ConvShape
	patches *patchIndex
	workers *workers

	weights []float32   // row panels of the weights, summed dimension: taps
	columns [][]float32 // per worker: packed patches
	sums    [][]float32 // per worker: two output channels by pixel
	block   int         // output pixels that a worker packs at a time

	z    []float32 // pre-activation, as y
	grad *convGradient

	call       convCall
	forwardRun func(worker int)
}

// convCall holds the arguments of the call that is running.
type convCall struct {
	y, x, bias, slope, skip, z []float32
	dx, dw, dbias, dslope, dy  []float32
}

// panelCache is how many floats of packed panels a worker keeps at hand: half a
// megabyte, which the second-level cache of current processors holds.
const panelCache = 128 << 10

// pixelBlock returns how many pixels of that depth fill the panel cache.
func pixelBlock(depth int) int {
	return clamp(panelCache/depth/microStep*microStep, 4*microStep, 64*microStep)
}

// NewConv makes a plan that splits its work over the given number of goroutines.
// It panics if the shape is no convolution.
func NewConv(s ConvShape, threads int) *Conv {
	s.check()
	c := &Conv{shape: s, patches: newPatchIndex(s), workers: newWorkers(threads)}
	c.weights = make([]float32, panelsLen(microRows, s.OutC, s.depth()))
	c.block = min(pixelBlock(s.depth()), roundUp(s.N*s.pixels(), microCols))
	for range c.workers.count {
		c.columns = append(c.columns, make([]float32, panelsLen(microCols, c.block, s.depth())))
		c.sums = append(c.sums, make([]float32, microRows*c.block))
	}
	c.forwardRun = c.forwardPart
	return c
}
