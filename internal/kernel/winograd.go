package kernel

import "github.com/sphereface-go/sphereface/internal/kernel/winograd"

// winogradPlan makes a convolution and its gradients from tiles of 4×4 results
// and a quarter of the products: see the package winograd. Every one of a tile's
// 36 points is a plain product of matrices, tiles × channels.
//
// It is for training. Its results are some six times less exact than plain
// sums, which a gradient does not notice; what goes out to be compared with other
// programs is computed plainly.
type winogradPlan struct {
	// filters of Forward are [block of output channels][point][input channel]
	// [channel], those of the gradient of x [block of input channels][point]
	// [output channel][channel].
	filters   []float32
	channelAt []int // places of a tile's channels
	sliceAt   []int // and of their rows in a slice of the filters' gradients
	scratch   []*winogradScratch

	filterFloats, sliceFloats, patchFloats int

	packRun, packDataRun func(worker int)
}

// winogradScratch is what a worker writes to on the way.
type winogradScratch struct {
	tile      *tileScratch
	run       run // of the products: one, from the beginning
	transform transform
	in, out   pointPlanes // of the input's channels, and of the output's
	slice     []float32   // gradients of some filters: [point][input channel][output channel]
	patch     []float32   // a tile of results at the edge
}

// points is the number of products that make a tile.
const points = winograd.Inputs * winograd.Inputs

// winogradTiles is how many tiles a block has, about: enough that starting a
// register block costs little in the sums over tiles, few enough that a point's
// matrices stay in the second-level cache.
const winogradTiles = 64

// winogradSlice is how many input channels a slice of the filters' gradients
// has: a multiple of every level's rows, so that no slice but the last has a part
// of a register block.
const winogradSlice = 48

// winogradVector is what the channels must be a multiple of, for every level's
// vectors to fit.
const winogradVector = 16

// filterCost is about how many multiply-adds take as long as making one filter's
// points from its taps, at each step. It was measured on Zen 3 with AVX2, where
// the algorithm just pays in SphereFace-20's layers of 512 channels with 16 images.
const filterCost = 2500

// gainsFromWinograd tells whether the algorithm saves more than it costs.
func (c *Conv) gainsFromWinograd() bool {
	s := c.shape
	plain, tiled := s.Kernel*s.Kernel*s.pixels(), points*tiles(s.OutH())*tiles(s.OutW())
	return c.fitsWinograd() && s.N*(plain-tiled) > filterCost
}

// fitsWinograd tells whether the algorithm can compute the plan. One of bf16
// never takes it: its results would be several times less exact than sums that
// rounding to 8 bits has made coarse already.
func (c *Conv) fitsWinograd() bool {
	s := c.shape
	return c.level.unit == 1 && s.Kernel == winograd.Taps && s.Stride == 1 && s.Pad == 1 && s.X == NHWC && s.Y == NHWC &&
		s.C%winogradVector == 0 && s.OutC%winogradVector == 0
}

// tiles is how many tiles lie side by side in n pixels.
func tiles(n int) int { return (n + winograd.Results - 1) / winograd.Results }

// winogradBlocks divides a batch into blocks of whole tiles.
func winogradBlocks(s ConvShape, threads int) convBlocks {
	lines, perLine := tiles(s.OutH()), tiles(s.OutW())
	if s.N >= threads && lines*perLine <= winogradTiles {
		images := max(1, min(winogradTiles/(lines*perLine), s.N/threads))
		return convBlocks{images: images, rows: s.OutH(), perImage: 1, count: (s.N + images - 1) / images}.among(threads)
	}
	fit := max(1, winogradTiles/perLine)
	perImage := min(lines, max((lines+fit-1)/fit, (threads+s.N-1)/s.N))
	linesOf := (lines + perImage - 1) / perImage
	perImage = (lines + linesOf - 1) / linesOf
	return convBlocks{images: 1, rows: min(linesOf*winograd.Results, s.OutH()), perImage: perImage, count: s.N * perImage}.among(threads)
}

// prepareWinograd divides the work anew, for the algorithm.
func (c *Conv) prepareWinograd() {
	s := c.shape
	blocks := winogradBlocks(s, c.workers.count)
	c.arrange(blocks, newGrid(tiledSide(blocks.rows), tiledSide(s.OutW()), s.C))
	c.winograd = c.newWinograd()
}

// tiledSide is how many pixels of input the tiles of n results cover.
func tiledSide(n int) int { return tiles(n)*winograd.Results + winograd.Taps - 1 }

func (c *Conv) newWinograd() *winogradPlan {
	s, l := c.shape, c.level
	w := &winogradPlan{}
	for i := range s.C {
		w.channelAt = append(w.channelAt, floatBytes*i)
	}
	for i := range winogradSlice {
		w.sliceAt = append(w.sliceAt, floatBytes*i*l.cols)
	}
	count := c.blocks.images * tiles(c.blocks.rows) * tiles(s.OutW())
	for _, scratch := range c.scratch {
		w.scratch = append(w.scratch, &winogradScratch{
			tile: &scratch.tileScratch, in: newPointPlanes(l, count, s.C), out: newPointPlanes(l, count, s.OutC),
		})
	}
	w.filterFloats = points * max(
		blocksOf(s.OutC, l.cols)*filterPlane(l, s.C),
		blocksOf(s.C, l.cols)*filterPlane(l, s.OutC),
	)
	w.patchFloats = winograd.Results * winograd.Results * max(s.C, s.OutC)
	w.sliceFloats = points * filterPlane(l, winogradSlice)
	w.packRun, w.packDataRun = c.packFilters, c.packDataFilters
	return w
}

// floats is how much of a workspace the plan needs during a call.
func (w *winogradPlan) floats() int {
	first := w.scratch[0]
	planes := lined(points*first.in.plane) + lined(points*first.out.plane)
	return lined(w.filterFloats) + len(w.scratch)*(planes+lined(w.sliceFloats)+lined(w.patchFloats))
}

// take gives the plan that memory, for one call.
func (w *winogradPlan) take(memory []float32) {
	w.filters = carve(&memory, w.filterFloats)
	for _, s := range w.scratch {
		s.in.data, s.out.data = carve(&memory, points*s.in.plane), carve(&memory, points*s.out.plane)
		s.slice, s.patch = carve(&memory, w.sliceFloats), carve(&memory, w.patchFloats)
	}
}
