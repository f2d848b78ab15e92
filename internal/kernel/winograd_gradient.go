package kernel

import "github.com/sphereface-go/sphereface/internal/kernel/winograd"

// packDataFilters arranges one worker's share of the weights for dx, which is
// the convolution of dz with the filters turned round.
func (c *Conv) packDataFilters(worker int) {
	c.packGradientPart(worker)
	s, l, w, g := c.shape, c.level, c.winograd, c.grad
	from, to := c.workers.share(worker, blocksOf(s.C, l.cols))
	tap := s.OutC * l.cols
	for block := from; block < to; block++ {
		last := &g.weights[block*g.stepC+(winograd.Taps*winograd.Taps-1)*tap]
		dst := &w.filters[block*points*filterPlane(l, s.OutC)]
		l.transformFilters(&w.scratch[worker].transform, dst, last, -floatBytes*tap, s.OutC)
	}
}

// weightGradientWinograd adds the products of dz and the input of a block to dw,
// for the output channels [first, last). size is the length of a block of
// channels.
func (c *Conv) weightGradientWinograd(worker int, b convBlock, first, last, size int) {
	shape, l, g, p := c.shape, c.level, c.grad, c.grad.parts[worker]
	s, w := c.scratch[worker], c.winograd.scratch[worker]
	c.spread(l.transforms.input, &w.transform, w.in, p.x, g.x, 0, shape.C, b)
	c.spread(l.transforms.resultGrad, &w.transform, w.out, p.dz, g.dz, g.dz.place(0, g.top, g.left), shape.OutC, b)

	t := &s.tile
	t.runs, t.runCount, t.steps, t.add, t.init = &w.run, 1, c.tilesOf(b), 0, &s.zero[0]
	t.aStep, t.bStep = floatBytes*w.in.pitch, floatBytes*w.out.pitch
	plane, tap := filterPlane(l, winogradSlice), floatBytes*shape.C*l.cols
	for from := 0; from < shape.C; from += winogradSlice {
		channels := min(winogradSlice, shape.C-from)
		for o := first; o < last; o += l.cols {
			for i := range points {
				t.a, t.b, t.c = &w.in.data[i*w.in.plane+from], &w.out.data[i*w.out.plane+o], &w.slice[i*plane]
				for row := 0; row < channels; row += l.rows {
					s.setRows(l, c.winograd.channelAt, c.winograd.sliceAt, row, channels)
					l.tile(t)
				}
			}
			w.transform = transform{
				src: &w.slice[0], srcRow: floatBytes * winograd.Inputs * plane, srcCol: floatBytes * plane,
				dst: &p.dw[o/l.cols*size+from*l.cols], dstRow: winograd.Taps * tap, dstCol: tap,
				channels: channels * l.cols,
			}
			l.transforms.filterGrad(&w.transform)
		}
	}
}

// dataGradientWinograd computes dx of a block for a part of the input channels.
func (c *Conv) dataGradientWinograd(worker int, b convBlock, part int) {
	shape, g := c.shape, c.grad
	w := c.winograd.scratch[worker]
	first, last := g.blocks.channels(part, shape.C, c.level.cols)
	if first >= last {
		return
	}
	c.spread(c.level.transforms.input, &w.transform, w.out, g.parts[worker].dz, g.dz, 0, shape.OutC, b)
	c.level.multiplyPoints(w, w.in, w.out, c.winograd.filters, c.tilesOf(b), shape.OutC, first, last, shape.C, nil)
	c.gather(w, w.in, c.call.dx[((b.image*shape.H)+b.row)*shape.W*shape.C:], first, last, shape.C, b)
}
