package kernel

// Linear is the plan of a fully connected layer: y = x·wᵀ + bias.
type Linear struct {
	level           *level
	n, in, out      int
	threads         int
	workers         *workers
	forward, dx, dw *product // made on the first use
	transposed      []float32

	y, x, w, bias []float32
	finish, few   func(worker int)
	sums          []*dots
}

// fewRows is the number of rows of x below which the weights are better read as
// they lie: they are then what takes the time, and each is used but a few times.
const fewRows = 6

// NewLinear makes a plan for n rows. It panics if there is no such precision here.
func NewLinear(n, in, out int, p Precision, threads int) *Linear {
	return newLinear(p.level(), n, in, out, threads)
}

func newLinear(level *level, n, in, out, threads int) *Linear {
	if min(n, in, out) < 1 {
		panic("kernel: fully connected layer: a dimension is less than 1")
	}
	l := &Linear{level: level, n: n, in: in, out: out, threads: threads, workers: newWorkers(threads)}
	l.few, l.finish = l.fewPart, l.finishPart
	for range l.workers.count {
		l.sums = append(l.sums, new(dots))
	}
	if n >= fewRows || level.unit == 2 {
		// The product is computed the other way round, yᵀ = w·xᵀ: then x is
		// packed, which is smaller than w.
		l.forward = newProduct(level, out, n, in, threads)
		l.transposed = make([]float32, out*n)
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
	l.y, l.x, l.w, l.bias = y, x, w, bias
	if l.forward != nil {
		l.forward.do(l.transposed, matrix{w, l.in, 1}, matrix{x, l.in, 1})
		l.workers.run(l.finish)
	} else {
		l.workers.run(l.few)
	}
	l.y, l.x, l.w, l.bias = nil, nil, nil, nil
}

// finishPart transposes one worker's share of the result and adds the bias.
func (l *Linear) finishPart(worker int) {
	from, to := l.workers.share(worker, l.n)
	for o := range l.out {
		var bias float32
		if l.bias != nil {
			bias = l.bias[o]
		}
		row := l.transposed[o*l.n:][:l.n]
		for i := from; i < to; i++ {
			l.y[i*l.out+o] = row[i] + bias
		}
	}
}

// fewPart computes one worker's share of the outputs.
func (l *Linear) fewPart(worker int) {
	from, to := l.workers.share(worker, (l.out+dotRows-1)/dotRows)
	from, to = from*dotRows, min(to*dotRows, l.out)
	d := l.sums[worker]
	for o := from; o < to; o += dotRows {
		for i := range l.n {
			sums := l.level.dot(d, l.x[i*l.in:][:l.in], l.w, o, min(dotRows, to-o))
			y := l.y[i*l.out+o:][:min(dotRows, to-o)]
			for j := range y {
				y[j] = sums[j]
				if l.bias != nil {
					y[j] += l.bias[o+j]
				}
			}
		}
	}
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
		l.dw = newProduct(l.level, l.out, l.in, l.n, l.threads)
	}
	l.dw.do(dw, matrix{dy, 1, l.out}, matrix{x, 1, l.in})
	if dx != nil {
		if l.dx == nil {
			l.dx = newProduct(l.level, l.n, l.in, l.out, l.threads)
		}
		l.dx.do(dx, matrix{dy, l.out, 1}, matrix{w, 1, l.in})
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
