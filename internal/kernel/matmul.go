package kernel

// MatMul is the plan of a matrix product C = op(A)·op(B).
type MatMul struct {
	m, n, k        int
	transA, transB bool
	product        *product
}

// NewMatMul makes a plan for C [m, n] = op(A) [m, k] · op(B) [k, n]. With transA
// A is stored [k, m], with transB B is stored [n, k]; all row-major.
func NewMatMul(m, n, k int, transA, transB bool, threads int) *MatMul {
	return newMatMul(best, m, n, k, transA, transB, threads)
}

func newMatMul(l *level, m, n, k int, transA, transB bool, threads int) *MatMul {
	if min(m, n, k) < 1 {
		panic("kernel: matrix product: a dimension is less than 1")
	}
	return &MatMul{m: m, n: n, k: k, transA: transA, transB: transB, product: newProduct(l, m, n, k, threads)}
}

// Run overwrites c with op(a)·op(b).
func (p *MatMul) Run(c, a, b []float32) {
	mustLen("matrix product", "C", len(c), p.m*p.n)
	mustLen("matrix product", "A", len(a), p.m*p.k)
	mustLen("matrix product", "B", len(b), p.k*p.n)
	rows, columns := matrix{a, p.k, 1}, matrix{b, 1, p.n}
	if p.transA {
		rows = matrix{a, 1, p.m}
	}
	if p.transB {
		columns = matrix{b, p.k, 1}
	}
	p.product.do(c, rows, columns)
}
