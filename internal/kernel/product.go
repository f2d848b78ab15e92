package kernel

// product is the plan of a matrix product: c [m, n] = a [m, k] · b [k, n].
type product struct {
	m, n, k int
	workers *workers
	scratch []productScratch
	byRow   bool // the workers share rows of c instead of columns

	c, bias []float32
	a, b    matrix // b transposed: n rows, k columns
	part    func(worker int)
}

type productScratch struct{ rows, columns []float32 }

// Sizes of the parts of a product that are packed at a time: the summed length,
// the rows and the columns. Packed, they stay in the second-level cache.
const (
	productDepth   = 512
	productRows    = 128
	productColumns = 256
)

func newProduct(m, n, k, threads int) *product {
	p := &product{m: m, n: n, k: k, workers: newWorkers(threads), byRow: m > n}
	depth := min(productDepth, k)
	for range p.workers.count {
		p.scratch = append(p.scratch, productScratch{
			rows:    make([]float32, panelsLen(microRows, min(productRows, m), depth)),
			columns: make([]float32, panelsLen(microCols, min(productColumns, n), depth)),
		})
	}
	p.part = p.run
	return p
}

// do computes c = a·bᵀ + bias; the columns of bias, which may be nil, are those
// of c.
func (p *product) do(c []float32, a, b matrix, bias []float32) {
	p.c, p.a, p.b, p.bias = c, a, b, bias
	p.workers.run(p.part)
	p.c, p.a, p.b, p.bias = nil, matrix{}, matrix{}, nil
}

// run computes one worker's share. Every sum is taken in the same order,
// whatever the share.
func (p *product) run(worker int) {
	i0, i1, j0, j1 := 0, p.m, 0, p.n
	if p.byRow {
		from, to := p.workers.share(worker, (p.m+microRows-1)/microRows)
		i0, i1 = from*microRows, min(to*microRows, p.m)
	} else {
		from, to := p.workers.share(worker, (p.n+microCols-1)/microCols)
		j0, j1 = from*microCols, min(to*microCols, p.n)
	}
	if i0 >= i1 || j0 >= j1 {
		return
	}
	scratch := p.scratch[worker]
	for i := i0; i < i1; i++ {
		row := p.c[i*p.n:][j0:j1]
		if p.bias != nil {
			copy(row, p.bias[j0:j1])
		} else {
			clear(row)
		}
	}
	for j := j0; j < j1; j += productColumns {
		jEnd := min(j+productColumns, j1)
		for k := 0; k < p.k; k += productDepth {
			kEnd := min(k+productDepth, p.k)
			packPanels(scratch.columns, p.b, microCols, j, jEnd, k, kEnd)
			for i := i0; i < i1; i += productRows {
				iEnd := min(i+productRows, i1)
				packPanels(scratch.rows, p.a, microRows, i, iEnd, k, kEnd)
				p.block(scratch, i, iEnd, j, jEnd, kEnd-k)
			}
		}
	}
}

// block adds the product of the packed panels to rows [i0, i1) and columns
// [j0, j1) of c.
func (p *product) block(scratch productScratch, i0, i1, j0, j1, k int) {
	rowSize, colSize := panelsLen(microRows, microRows, k), panelsLen(microCols, microCols, k)
	for j := j0; j < j1; j += microCols {
		column := scratch.columns[(j-j0)/microCols*colSize:][:colSize]
		for i := i0; i < i1; i += microRows {
			var t tile
			accumulate(&t, scratch.rows[(i-i0)/microRows*rowSize:][:rowSize], column)
			for r := range min(microRows, i1-i) {
				c := p.c[(i+r)*p.n+j:][:min(microCols, j1-j)]
				for x := range c {
					c[x] += t[r*microCols+x]
				}
			}
		}
	}
}
