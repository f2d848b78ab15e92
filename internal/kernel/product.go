package kernel

// product is the plan of a matrix product: c [m, n] = a [m, depth] · b [depth, n].
type product struct {
	level   *level
	m, n, k int // k is the depth in units
	depth   int
	workers *workers
	scratch []*productScratch
	// shared holds the panels of all of b where the workers share the rows of
	// c; where they share the columns, it is nil and each packs its own.
	shared []float32

	c                  []float32
	a, b               matrix // b transposed: n rows, k columns
	packPart, multPart func(worker int)
}

type productScratch struct {
	tileScratch
	run      run
	a, b     []float32
	pairs    *pairScratch // nil where the units are float32
	aAt, cAt []int        // places of a block's rows
}

// Sizes of the parts of a product that are packed at a time: the summed length in
// units, rows and columns. A panel of columns then stays in the first-level cache,
// and the rest in the second.
const (
	productDepth   = 256
	productRows    = 96
	productColumns = 256
)

func newProduct(l *level, m, n, depth, threads int) *product {
	k := l.units(depth)
	p := &product{level: l, m: m, n: n, k: k, depth: depth, workers: newWorkers(threads)}
	if m > n {
		p.shared = make([]float32, roundUp(n, l.cols)*k)
	}
	for range p.workers.count {
		s := &productScratch{a: make([]float32, roundUp(min(productRows, m), l.rows)*min(productDepth, k))}
		s.aAt, s.cAt = make([]int, min(productRows, m)), make([]int, min(productRows, m))
		if l.unit == 2 {
			s.pairs = new(pairScratch)
		}
		s.init(l)
		s.tile.runs, s.tile.runCount, s.tile.init = &s.run, 1, &s.zero[0]
		if p.shared == nil {
			s.b = make([]float32, roundUp(min(productColumns, n), l.cols)*min(productDepth, k))
		}
		p.scratch = append(p.scratch, s)
	}
	p.packPart, p.multPart = p.packShared, p.multiply
	return p
}

// do computes c = a·bᵀ.
func (p *product) do(c []float32, a, b matrix) {
	p.c, p.a, p.b = c, a, b
	if p.shared != nil {
		p.workers.run(p.packPart)
	}
	p.workers.run(p.multPart)
	p.c, p.a, p.b = nil, matrix{}, matrix{}
}

// packShared packs one worker's share of b: panels [k part][column panel].
func (p *product) packShared(worker int) {
	parts := (p.k + productDepth - 1) / productDepth
	from, to := p.workers.share(worker, parts)
	for i := from; i < to; i++ {
		k0, k1 := i*productDepth, min((i+1)*productDepth, p.k)
		p.pack(p.scratch[worker], p.shared[k0*roundUp(p.n, p.level.cols):], p.b, p.level.cols, 0, p.n, k0, k1)
	}
}

// multiply computes one worker's share. Every sum is taken in the same order,
// whatever the share.
func (p *product) multiply(worker int) {
	l, s := p.level, p.scratch[worker]
	i0, i1, j0, j1 := 0, p.m, 0, p.n
	if p.shared != nil {
		from, to := p.workers.share(worker, (p.m+l.rows-1)/l.rows)
		i0, i1 = from*l.rows, min(to*l.rows, p.m)
	} else {
		from, to := p.workers.share(worker, (p.n+l.cols-1)/l.cols)
		j0, j1 = from*l.cols, min(to*l.cols, p.n)
	}
	columns := productColumns
	if p.shared != nil {
		columns = max(p.n, 1)
	}
	for j := j0; j < j1; j += columns {
		jEnd := min(j+columns, j1)
		for k := 0; k < p.k; k += productDepth {
			kEnd := min(k+productDepth, p.k)
			b := s.b
			if p.shared != nil {
				b = p.shared[k*roundUp(p.n, l.cols):]
			} else {
				p.pack(s, b, p.b, l.cols, j, jEnd, k, kEnd)
			}
			for i := i0; i < i1; i += productRows {
				p.block(s, b, i, min(i+productRows, i1), j, jEnd, k, kEnd)
			}
		}
	}
}

// block adds the product of rows [i0, i1) and columns [j0, j1), summed over [k0,
// k1), to c; the first one overwrites.
func (p *product) block(s *productScratch, b []float32, i0, i1, j0, j1, k0, k1 int) {
	l, t := p.level, &s.tile
	depth := k1 - k0
	t.steps, t.bStep, t.add = depth, floatBytes*l.cols, min(k0, 1)
	rows := i1 - i0
	p.placeRows(s, i0, i1, k0, k1)
	for i := range rows {
		s.cAt[i] = floatBytes * i * p.n
	}
	for j := j0; j < j1; j += l.cols {
		t.b = &b[(j-j0)*depth]
		for i := 0; i < rows; i += l.rows {
			s.setRows(l, s.aAt, s.cAt, i, rows)
			l.store(&s.tileScratch, p.c[i0*p.n+j:], j1-j)
		}
	}
}

// placeRows points the tile to rows [i0, i1) of a over [k0, k1). Those that are
// contiguous stay so, and stay where they are if they are in units already.
func (p *product) placeRows(s *productScratch, i0, i1, k0, k1 int) {
	l, t := p.level, &s.tile
	if p.a.col == 1 && l.unit == 1 {
		t.a, t.aStep = &p.a.data[i0*p.a.row+k0], floatBytes
		for i := range i1 - i0 {
			s.aAt[i] = floatBytes * i * p.a.row
		}
		return
	}
	width := l.rows
	if p.a.col == 1 {
		width = 1
	}
	p.pack(s, s.a, p.a, width, i0, i1, k0, k1)
	t.a, t.aStep = &s.a[0], floatBytes*width
	for i := range i1 - i0 {
		s.aAt[i] = floatBytes * (i/width*width*(k1-k0) + i%width)
	}
}

// pack arranges rows [i0, i1) of m over [k0, k1) as panels of width rows each,
// in units.
func (p *product) pack(s *productScratch, dst []float32, m matrix, width, i0, i1, k0, k1 int) {
	if s.pairs == nil {
		pack(dst, m, width, i0, i1, k0, k1)
		return
	}
	p.level.packPairs(s.pairs, dst, m, p.depth, width, i0, i1, k0, k1)
}
