package kernel

// Linear is the plan of a fully connected layer: y = x·wᵀ + bias.
type Linear struct {
	n, in, out, threads int

	forward, dx, dw *product // the gradients' are made on the first Backward
	workers         *workers
	y, x, w, bias   []float32
	few             func(worker int)
}

// fewRows is the number of rows of x below which packing the weights costs more
// than it saves.
const fewRows = 8

// NewLinear makes a plan for n rows.
func NewLinear(n, in, out, threads int) *Linear {
	if min(n, in, out) < 1 {
		panic("kernel: fully connected layer: a dimension is less than 1")
	}
	l := &Linear{n: n, in: in, out: out, threads: threads}
	if n < fewRows {
		l.workers = newWorkers(threads)
		l.few = l.fewPart
	} else {
		l.forward = newProduct(n, out, in, threads)
	}
	return l
}

// Forward computes y [n, out] from x [n, in], w [out, in] and bias [out], which
// may be nil.
func (l *Linear) Forward(y, x, w, bias []float32) {
	mustLen("fully connected layer", "y", len(y), l.n*l.out)
	mustLen("fully connected layer", "x", len(x), l.n*l.in)
	mustLen("fully connected layer", "w", len(w), l.out*l.in)
	mustLenOrNil("fully connected layer", "bias", bias, l.out)
	if l.forward != nil {
		l.forward.do(y, matrix{x, l.in, 1}, matrix{w, l.in, 1}, bias)
		return
	}
	l.y, l.x, l.w, l.bias = y, x, w, bias
	l.workers.run(l.few)
	l.y, l.x, l.w, l.bias = nil, nil, nil, nil
}

// Backward computes the gradients from the gradient dy [n, out] of y and the x
// and w of Forward: dx [n, in], dw [out, in], dbias [out]. All are overwritten;
// dx and dbias may be nil if they are not wanted.
func (l *Linear) Backward(dx, dw, dbias, dy, x, w []float32) {
	mustLen("fully connected layer gradient", "dw", len(dw), l.out*l.in)
	mustLen("fully connected layer gradient", "dy", len(dy), l.n*l.out)
	mustLen("fully connected layer gradient", "x", len(x), l.n*l.in)
	mustLen("fully connected layer gradient", "w", len(w), l.out*l.in)
	mustLenOrNil("fully connected layer gradient", "dx", dx, l.n*l.in)
	mustLenOrNil("fully connected layer gradient", "dbias", dbias, l.out)
	if l.dw == nil {
		l.dw = newProduct(l.out, l.in, l.n, l.threads)
	}
	l.dw.do(dw, matrix{dy, 1, l.out}, matrix{x, 1, l.in}, nil)
	if dx != nil {
		if l.dx == nil {
			l.dx = newProduct(l.n, l.in, l.out, l.threads)
		}
		l.dx.do(dx, matrix{dy, l.out, 1}, matrix{w, 1, l.in}, nil)
	}
	if dbias != nil {
		clear(dbias)
		for i := range l.n {
			for j, v := range dy[i*l.out:][:l.out] {
				dbias[j] += v
			}
		}
	}
}

// fewPart computes one worker's share of the outputs without packing: four rows
// of w at a time against every row of x.
func (l *Linear) fewPart(worker int) {
	from, to := l.workers.share(worker, l.out)
	for j := from; j < to; j += 4 {
		if j+4 > to {
			j = max(to-4, from)
		}
		for i := range l.n {
			x, y := l.x[i*l.in:][:l.in], l.y[i*l.out:][:l.out]
			if j+4 <= to {
				s0, s1, s2, s3 := dot4(x, l.w[j*l.in:], l.w[(j+1)*l.in:], l.w[(j+2)*l.in:], l.w[(j+3)*l.in:])
				y[j], y[j+1], y[j+2], y[j+3] = s0, s1, s2, s3
				continue
			}
			for o := j; o < to; o++ {
				w := l.w[o*l.in:]
				y[o], _, _, _ = dot4(x, w, w, w, w)
			}
		}
	}
	if l.bias != nil {
		for i := range l.n {
			y := l.y[i*l.out:][:l.out]
			for o := from; o < to; o++ {
				y[o] += l.bias[o]
			}
		}
	}
}

// dot4 returns the dot products of x with four rows.
func dot4(x, w0, w1, w2, w3 []float32) (s0, s1, s2, s3 float32) {
	w0, w1, w2, w3 = w0[:len(x)], w1[:len(x)], w2[:len(x)], w3[:len(x)]
	var r0, r1, r2, r3 float32
	for len(x) >= 4 && len(w0) >= 4 && len(w1) >= 4 && len(w2) >= 4 && len(w3) >= 4 {
		x0, x1, x2, x3 := x[0], x[1], x[2], x[3]
		s0 += x0 * w0[0]
		s1 += x0 * w1[0]
		s2 += x0 * w2[0]
		s3 += x0 * w3[0]
		r0 += x1 * w0[1]
		r1 += x1 * w1[1]
		r2 += x1 * w2[1]
		r3 += x1 * w3[1]
		s0 += x2 * w0[2]
		s1 += x2 * w1[2]
		s2 += x2 * w2[2]
		s3 += x2 * w3[2]
		r0 += x3 * w0[3]
		r1 += x3 * w1[3]
		r2 += x3 * w2[3]
		r3 += x3 * w3[3]
		x, w0, w1, w2, w3 = x[4:], w0[4:], w1[4:], w2[4:], w3[4:]
	}
	for i, v := range x {
		s0 += v * w0[i]
		s1 += v * w1[i]
		s2 += v * w2[i]
		s3 += v * w3[i]
	}
	return s0 + r0, s1 + r1, s2 + r2, s3 + r3
}
