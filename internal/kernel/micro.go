package kernel

// Register block of the micro-kernel: microRows × microCols sums, and the
// unrolling along the summed dimension. Two by four is what Go's compiler keeps
// in the fifteen registers that amd64 has for floats; larger blocks spill.
// Unrolling by eight hides that the compiler delays the last step's additions.
const (
	microRows = 2
	microCols = 4
	microStep = 8

	rowPanelStep = microRows * microStep
	colPanelStep = microCols * microStep
)

// tile is a microRows × microCols block of a product, row-major.
type tile [microRows * microCols]float32

// micro adds the product of a row panel and a column panel to c. A row panel
// holds, for each step, eight consecutive values of row 0, then of row 1; a
// column panel the same of its four columns. The shorter panel sets the length
// of the sum.
func micro(c *tile, a, b []float32) {
	var c00, c01, c02, c03 float32
	var c10, c11, c12, c13 float32
	for len(a) >= rowPanelStep && len(b) >= colPanelStep {
		p, q := (*[rowPanelStep]float32)(a), (*[colPanelStep]float32)(b)
		{
			a0, a1 := p[0], p[8]
			b0 := q[0]
			c00 += a0 * b0
			c10 += a1 * b0
			b1 := q[8]
			c01 += a0 * b1
			c11 += a1 * b1
			b2 := q[16]
			c02 += a0 * b2
			c12 += a1 * b2
			b3 := q[24]
			c03 += a0 * b3
			c13 += a1 * b3
		}
		{
			a0, a1 := p[1], p[9]
			b0 := q[1]
			c00 += a0 * b0
			c10 += a1 * b0
			b1 := q[9]
			c01 += a0 * b1
			c11 += a1 * b1
			b2 := q[17]
			c02 += a0 * b2
			c12 += a1 * b2
			b3 := q[25]
			c03 += a0 * b3
			c13 += a1 * b3
		}
		{
			a0, a1 := p[2], p[10]
			b0 := q[2]
			c00 += a0 * b0
			c10 += a1 * b0
			b1 := q[10]
			c01 += a0 * b1
			c11 += a1 * b1
			b2 := q[18]
			c02 += a0 * b2
			c12 += a1 * b2
			b3 := q[26]
			c03 += a0 * b3
			c13 += a1 * b3
		}
		{
			a0, a1 := p[3], p[11]
			b0 := q[3]
			c00 += a0 * b0
			c10 += a1 * b0
			b1 := q[11]
			c01 += a0 * b1
			c11 += a1 * b1
			b2 := q[19]
			c02 += a0 * b2
			c12 += a1 * b2
			b3 := q[27]
			c03 += a0 * b3
			c13 += a1 * b3
		}
		{
			a0, a1 := p[4], p[12]
			b0 := q[4]
			c00 += a0 * b0
			c10 += a1 * b0
			b1 := q[12]
			c01 += a0 * b1
			c11 += a1 * b1
			b2 := q[20]
			c02 += a0 * b2
			c12 += a1 * b2
			b3 := q[28]
			c03 += a0 * b3
			c13 += a1 * b3
		}
		{
			a0, a1 := p[5], p[13]
			b0 := q[5]
			c00 += a0 * b0
			c10 += a1 * b0
			b1 := q[13]
			c01 += a0 * b1
			c11 += a1 * b1
			b2 := q[21]
			c02 += a0 * b2
			c12 += a1 * b2
			b3 := q[29]
			c03 += a0 * b3
			c13 += a1 * b3
		}
		{
			a0, a1 := p[6], p[14]
			b0 := q[6]
			c00 += a0 * b0
			c10 += a1 * b0
			b1 := q[14]
			c01 += a0 * b1
			c11 += a1 * b1
			b2 := q[22]
			c02 += a0 * b2
			c12 += a1 * b2
			b3 := q[30]
			c03 += a0 * b3
			c13 += a1 * b3
		}
		{
			a0, a1 := p[7], p[15]
			b0 := q[7]
			c00 += a0 * b0
			c10 += a1 * b0
			b1 := q[15]
			c01 += a0 * b1
			c11 += a1 * b1
			b2 := q[23]
			c02 += a0 * b2
			c12 += a1 * b2
			b3 := q[31]
			c03 += a0 * b3
			c13 += a1 * b3
		}
		a, b = a[rowPanelStep:], b[colPanelStep:]
	}
	c[0] += c00
	c[1] += c01
	c[2] += c02
	c[3] += c03
	c[4] += c10
	c[5] += c11
	c[6] += c12
	c[7] += c13
}
