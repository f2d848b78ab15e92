package kernel

// addParts adds up all workers' parts for one worker's share of the output
// channels.
func (c *Conv) addParts(worker int) {
	s, g, cols := c.shape, c.grad, c.level.cols
	depth, area := s.depth(), s.Kernel*s.Kernel
	size := len(g.parts[0].dw) / (len(c.bias) / cols)
	from, to := c.workers.share(worker, len(c.bias)/cols)
	parts := g.blocks.parts
	groups := c.workers.count / parts
	for block := from; block < to; block++ {
		part := c.partOf(block)
		sum := g.parts[part].dw[block*size:][:depth*cols]
		for i := 1; i < groups; i++ {
			for d, v := range g.parts[i*parts+part].dw[block*size:][:depth*cols] {
				sum[d] += v
			}
		}
		for lane := range min(cols, s.OutC-block*cols) {
			dst := c.call.dw[(block*cols+lane)*depth:][:depth]
			for tap := range area {
				at := tap*s.C*cols + lane
				for i := tap; i < depth; i += area {
					dst[i] = sum[at]
					at += cols
				}
			}
		}
		c.addChannels(block*cols, min((block+1)*cols, s.OutC))
	}
}

// keptZ tells whether Forward kept z, and not y in its place.
func (c *Conv) keptZ() bool { return c.z != nil && &c.kept[0] == &c.z[0] }

// addChannels adds up the gradients of bias and slope for channels [from, to).
func (c *Conv) addChannels(from, to int) {
	for o := from; o < to; o++ {
		var dbias, dslope float64
		for i := 0; i < c.workers.count; i += c.grad.blocks.parts {
			if first, last, _ := c.grad.blocks.work(i); first < last {
				dbias += c.grad.parts[i].dbias[o]
				dslope += c.grad.parts[i].dslope[o]
			}
		}
		if c.call.dbias != nil {
			c.call.dbias[o] = float32(dbias)
		}
		if !c.keptZ() {
			dslope /= float64(c.slope[o]) // Σ dy·y = slope·Σ dy·z
		}
		if c.call.dslope != nil {
			c.call.dslope[o] = float32(dslope)
		}
	}
}

// partOf returns which part of a block's workers computes a register block of
// output channels.
func (c *Conv) partOf(block int) int {
	for part := range c.grad.blocks.parts {
		if first, last := c.grad.blocks.channels(part, c.shape.OutC, c.level.cols); block*c.level.cols >= first && block*c.level.cols < last {
			return part
		}
	}
	panic("kernel: convolution gradient: a block of channels that is nobody's")
}
