package kernel

// Backward computes the gradients for the input of the last Forward, from the
// gradient dy of y and the same x, w and slope. dx is as x, dw as w, dbias and
// dslope [OutC]; all are overwritten. dx, dbias and dslope may be nil if they
// are not wanted. The gradient of skip is dy itself.
func (c *Conv) Backward(dx, dw, dbias, dslope, dy, x, w, slope []float32) {
	s := c.shape
	if c.z == nil {
		panic("kernel: convolution gradient: Backward without a Forward before it")
	}
	mustLen("convolution gradient", "dw", len(dw), s.weightLen())
	mustLen("convolution gradient", "dy", len(dy), s.outputLen())
	mustLen("convolution gradient", "x", len(x), s.inputLen())
	mustLen("convolution gradient", "w", len(w), s.weightLen())
	mustLenOrNil("convolution gradient", "dx", dx, s.inputLen())
	mustLenOrNil("convolution gradient", "slope", slope, s.OutC)
	mustLenOrNil("convolution gradient", "dbias", dbias, s.OutC)
	mustLenOrNil("convolution gradient", "dslope", dslope, s.OutC)
	if c.grad == nil {
		c.grad = c.newGradient()
	}
	if dx != nil {
		packPanels(c.grad.weights, matrix{w, 1, s.depth()}, microRows, 0, s.depth(), 0, s.OutC)
	}
	c.call = convCall{dx: dx, dw: dw, dbias: dbias, dslope: dslope, dy: dy, x: x, slope: slope, z: c.z}
	c.workers.run(c.grad.run)
	c.workers.run(c.grad.add)
	c.call = convCall{}
}

// backwardPart computes the gradients of one worker's images.
func (c *Conv) backwardPart(worker int) {
	if worker >= len(c.grad.parts) {
		return
	}
	s, part := c.shape, &c.grad.parts[worker]
	clear(part.dw)
	clear(part.dbias)
	clear(part.dslope)
	first, last := s.N*worker/len(c.grad.parts), s.N*(worker+1)/len(c.grad.parts)
	if dx := c.call.dx; dx != nil {
		clear(dx[first*s.C*s.H*s.W : last*s.C*s.H*s.W])
	}
	end := last * s.pixels()
	for from, to := first*s.pixels(), 0; from < end; from = to {
		to = c.grad.blockEnd(from, end, s.pixels())
		c.activationGradient(part, from, to)
		c.weightGradient(part, from, to)
		if c.call.dx != nil {
			c.dataGradient(part, from, to)
		}
	}
}

// activationGradient takes dy of pixels [from, to) back through the PReLU into
// part.rows and adds up the gradients of bias and slope.
func (c *Conv) activationGradient(part *convPart, from, to int) {
	s, pixels, n := c.shape, c.patches.pixels, to-from
	size := panelsLen(microRows, microRows, n)
	if s.OutC%microRows != 0 || n%microStep != 0 {
		clear(part.rows[:panelsLen(microRows, s.OutC, n)])
	}
	for o := range s.OutC {
		factor := activationFactor(c.call.slope, o)
		lane := part.rows[o/microRows*size+o%microRows*microStep:]
		var dbias, dslope float32
		i := 0
		for q := from; q < to; {
			image, at := q/pixels, q%pixels
			run := min(pixels-at, to-q)
			start := (image*s.OutC+o)*pixels + at
			z, dy := c.call.z[start:][:run], c.call.dy[start:][:run]
			for j, v := range z {
				d := dy[j]
				dslope += d * min(v, 0)
				d *= factor[positive(v)]
				dbias += d
				lane[i/microStep*rowPanelStep+i%microStep] = d
				i++
			}
			q += run
		}
		part.dbias[o] += float64(dbias)
		part.dslope[o] += float64(dslope)
	}
}

// weightGradient adds the weight gradients of pixels [from, to) to part.dw.
func (c *Conv) weightGradient(part *convPart, from, to int) {
	s, n := c.shape, to-from
	size := panelsLen(microRows, microRows, n)
	taps := part.taps[:panelsLen(microCols, microCols, n)]
	channels := roundUp(s.OutC, microRows) / microRows
	for k := 0; k < s.depth(); k += microCols {
		if n%microStep != 0 || k+microCols > s.depth() {
			clear(taps)
		}
		for j := range min(microCols, s.depth()-k) {
			c.patches.packTap(taps[j*microStep:], c.call.x, k+j, from, to)
		}
		sums := part.dw[k/microCols*channels:][:channels]
		for o := range sums {
			micro(&sums[o], part.rows[o*size:][:size], taps)
		}
	}
}

// dataGradient adds what pixels [from, to) pass back to dx.
func (c *Conv) dataGradient(part *convPart, from, to int) {
	s, n := c.shape, to-from
	c.packGradient(part, n)
	size, room := panelsLen(microRows, microRows, s.OutC), len(part.grad)/microRows
	for k := 0; k < s.depth(); k += microRows {
		multiplyRows(part.grad, c.grad.weights[k/microRows*size:][:size], part.columns, n)
		for r := range min(microRows, s.depth()-k) {
			c.patches.addTap(c.call.dx, part.grad[r*room:][:n], k+r, from, to)
		}
	}
}

// packGradient turns part.rows, n pixels long, into part.columns.
func (c *Conv) packGradient(part *convPart, n int) {
	rowSize := panelsLen(microRows, microRows, n)
	colSize := panelsLen(microCols, microCols, c.shape.OutC)
	if c.shape.OutC%microStep != 0 {
		clear(part.columns)
	}
	for o := range c.shape.OutC {
		row := part.rows[o/microRows*rowSize+o%microRows*microStep:]
		col := part.columns[o/microStep*colPanelStep+o%microStep:]
		for q := range n {
			col[q/microCols*colSize+q%microCols*microStep] = row[q/microStep*rowPanelStep+q%microStep]
		}
	}
}

// addParts adds up the workers' sums in the order of the workers.
func (c *Conv) addParts(worker int) {
	s, parts := c.shape, c.grad.parts
	channels := roundUp(s.OutC, microRows) / microRows
	first, last := c.workers.share(worker, s.OutC)
	for o := first; o < last; o++ {
		dw := c.call.dw[o*s.depth():][:s.depth()]
		for k := range dw {
			at, lane := k/microCols*channels+o/microRows, o%microRows*microCols+k%microCols
			sum := parts[0].dw[at][lane]
			for i := 1; i < len(parts); i++ {
				sum += parts[i].dw[at][lane]
			}
			dw[k] = sum
		}
		var dbias, dslope float64
		for i := range parts {
			dbias += parts[i].dbias[o]
			dslope += parts[i].dslope[o]
		}
		if c.call.dbias != nil {
			c.call.dbias[o] = float32(dbias)
		}
		if c.call.dslope != nil {
			c.call.dslope[o] = float32(dslope)
		}
	}
}
