package kernel

import "github.com/sphereface-go/sphereface/internal/kernel/winograd"

// winogradPlan makes a convolution and its gradients from tiles of 4×4 results
// and a quarter of the products: see the package winograd. Every one of a tile's
// 36 points is a plain product of matrices, tiles × channels.
//
// It is for training. Its results are some five times less exact than plain
// sums, which a gradient does not notice; what goes out to be compared with other
// programs is computed plainly.
type winogradPlan struct {
	workspace *Workspace
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
// has: a multiple of every level's rows.
const winogradSlice = 48

// winogradVector is what the channels must be a multiple of, for every level's
// vectors to fit.
const winogradVector = 16

// suits tells whether the algorithm is for the shape: small maps and few
// channels gain nothing from it.
func (s ConvShape) suitsWinograd() bool {
	return s.Kernel == winograd.Taps && s.Stride == 1 && s.Pad == 1 && s.X == NHWC && s.Y == NHWC &&
		s.C%winogradVector == 0 && s.OutC%winogradVector == 0 && min(s.H, s.W) >= winograd.Results
}

// tiles is how many tiles lie side by side in n pixels.
func tiles(n int) int { return (n + winograd.Results - 1) / winograd.Results }

// winogradBlocks divides a batch into blocks of whole tiles.
func winogradBlocks(s ConvShape, threads int) convBlocks {
	lines, perLine := tiles(s.OutH()), tiles(s.OutW())
	if s.N >= threads && lines*perLine <= winogradTiles {
		images := max(1, min(winogradTiles/(lines*perLine), s.N/threads))
		return convBlocks{images: images, rows: s.OutH(), perImage: 1, count: (s.N + images - 1) / images}
	}
	perImage := (lines + winogradTiles/perLine - 1) / max(1, winogradTiles/perLine)
	perImage = min(lines, max(perImage, (threads+s.N-1)/s.N))
	linesOf := (lines + perImage - 1) / perImage
	perImage = (lines + linesOf - 1) / linesOf
	return convBlocks{images: 1, rows: min(linesOf*winograd.Results, s.OutH()), perImage: perImage, count: s.N * perImage}
}

// pointPlanes hold, for every point, a row of channels for every tile.
type pointPlanes struct {
	data         []float32
	pitch, plane int   // from tile to tile and from point to point, in floats
	tileAt       []int // places of the tiles, in bytes
}

func newPointPlanes(l *level, tiles, channels int) pointPlanes {
	const line, page = 16, 1024 // floats of a line of the cache, and between lines that share a set
	p := pointPlanes{pitch: roundUp(channels, l.cols) + line}
	// The 36 points of a tile are written one after the other: they must not
	// meet in the same set.
	p.plane = roundUp(tiles*p.pitch, page) + line
	for t := range tiles {
		p.tileAt = append(p.tileAt, floatBytes*t*p.pitch)
	}
	return p
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
	w := &winogradPlan{workspace: c.workspace}
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

// take gives the plan its part of the workspace, for one call.
func (w *winogradPlan) take() {
	first := w.scratch[0]
	planes := lined(points*first.in.plane) + lined(points*first.out.plane)
	memory := w.workspace.floats(lined(w.filterFloats) + len(w.scratch)*(planes+lined(w.sliceFloats)+lined(w.patchFloats)))
	w.filters = carve(&memory, w.filterFloats)
	for _, s := range w.scratch {
		s.in.data, s.out.data = carve(&memory, points*s.in.plane), carve(&memory, points*s.out.plane)
		s.slice, s.patch = carve(&memory, w.sliceFloats), carve(&memory, w.patchFloats)
	}
}

// blocksOf is how many register blocks hold n columns.
func blocksOf(n, cols int) int { return (n + cols - 1) / cols }

// filterPlane is the distance between points of the filters, in floats: a line
// of the cache more than there are, for the same reason as in newPointPlanes.
func filterPlane(l *level, channels int) int { return channels*l.cols + 16 }

// transformFilters makes the points of one block of filters from their taps,
// which lie step apart from first on.
func (l *level) transformFilters(t *transform, dst, first *float32, step, channels int) {
	n := channels * l.cols
	plane := floatBytes * filterPlane(l, channels)
	*t = transform{
		src: first, srcRow: winograd.Taps * step, srcCol: step,
		dst: dst, dstRow: winograd.Inputs * plane, dstCol: plane, channels: n,
	}
	l.transforms.filter(t)
}

// packFilters arranges one worker's share of the weights.
func (c *Conv) packFilters(worker int) {
	c.packPart(worker)
	s, l, w := c.shape, c.level, c.winograd
	from, to := c.workers.share(worker, blocksOf(s.OutC, l.cols))
	for block := from; block < to; block++ {
		dst := &w.filters[block*points*filterPlane(l, s.C)]
		l.transformFilters(&w.scratch[worker].transform, dst, &c.weights[block*l.cols*s.depth()], floatBytes*s.C*l.cols, s.C)
	}
}

// spread transforms a block's tiles of a grid, whose first pixel lies at place,
// into planes.
func (c *Conv) spread(f func(*transform), t *transform, to pointPlanes, data []float32, g grid, place, channels int, b convBlock) {
	*t = transform{
		srcRow: floatBytes * g.row, srcCol: floatBytes * g.pixel,
		dstRow: floatBytes * winograd.Inputs * to.plane, dstCol: floatBytes * to.plane, channels: channels,
	}
	tile := 0
	for i := range b.images {
		for row := range tiles(b.rows) {
			for col := range tiles(c.shape.OutW()) {
				t.src = &data[(place+g.place(i, row*winograd.Results, col*winograd.Results))/floatBytes]
				t.dst = &to.data[tile*to.pitch]
				f(t)
				tile++
			}
		}
	}
}

// multiplyPoints multiplies every point of a block's tiles with the filters, for the
// results' channels [first, last) of n. depth is the number of channels summed.
func (l *level) multiplyPoints(w *winogradScratch, to, from pointPlanes, filters []float32, tiles, depth, first, last, n int, bias []float32) {
	s := w.tile
	t := &s.tile
	t.runs, t.runCount, t.steps, t.add = &w.run, 1, depth, 0
	t.aStep, t.bStep = floatBytes, floatBytes*l.cols
	plane := filterPlane(l, depth)
	for p := range points {
		t.a = &from.data[p*from.plane]
		for o := first; o < last; o += l.cols {
			t.init = &s.zero[0]
			if bias != nil && p == winograd.BiasPoint*(winograd.Inputs+1) {
				t.init = &bias[o]
			}
			t.b = &filters[(o/l.cols*points+p)*plane]
			for tile := 0; tile < tiles; tile += l.rows {
				s.setRows(l, from.tileAt, to.tileAt, tile, tiles)
				l.store(s, to.data[p*to.plane+o:], n-o)
			}
		}
	}
}

// gather transforms the points of a block's tiles into results, pixels of n
// channels, for the channels [first, last).
func (c *Conv) gather(s *winogradScratch, from pointPlanes, y []float32, first, last, n int, b convBlock) {
	t := &s.transform
	plane, width := floatBytes*from.plane, c.shape.OutW()
	*t = transform{srcRow: winograd.Inputs * plane, srcCol: plane, channels: last - first}
	tile := 0
	for i := range b.images {
		for row := 0; row < b.rows; row += winograd.Results {
			for col := 0; col < width; col += winograd.Results {
				t.src = &from.data[tile*from.pitch+first]
				tile++
				dst := y[((i*b.rows+row)*width+col)*n+first:]
				lines, pixels := min(winograd.Results, b.rows-row), min(winograd.Results, width-col)
				if lines == winograd.Results && pixels == winograd.Results {
					t.dst, t.dstRow, t.dstCol = &dst[0], floatBytes*width*n, floatBytes*n
					c.level.transforms.result(t)
					continue
				}
				t.dst, t.dstCol = &s.patch[0], floatBytes*t.channels
				t.dstRow = winograd.Results * t.dstCol
				c.level.transforms.result(t)
				for r := range lines {
					for p := range pixels {
						copy(dst[(r*width+p)*n:][:t.channels], s.patch[(r*winograd.Results+p)*t.channels:])
					}
				}
			}
		}
	}
}

// multiplyWinograd computes z for the channels [first, last) of a block.
func (c *Conv) multiplyWinograd(worker int, b convBlock, z []float32, first, last int) {
	s, w, shape := c.scratch[worker], c.winograd.scratch[worker], c.shape
	c.spread(c.level.transforms.input, &w.transform, w.in, s.x, c.in, 0, shape.C, b)
	c.level.multiplyPoints(w, w.out, w.in, c.winograd.filters, c.tilesOf(b), shape.C, first, last, shape.OutC, c.bias)
	c.gather(w, w.out, z, first, last, shape.OutC, b)
}

// tilesOf is the number of a block's tiles.
func (c *Conv) tilesOf(b convBlock) int { return b.images * tiles(b.rows) * tiles(c.shape.OutW()) }
