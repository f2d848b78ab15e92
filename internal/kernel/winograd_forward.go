package kernel

import "github.com/sphereface-go/sphereface/internal/kernel/winograd"

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
