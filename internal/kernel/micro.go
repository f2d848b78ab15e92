package kernel

import "unsafe"

// Register block of the micro-kernel: microRows × microCols sums, and the
// unrolling along the summed dimension. Two by four is what Go's compiler keeps
// in the fifteen registers that amd64 has for floats; larger blocks spill.
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
//
// The loop is one basic block: it has no bounds check and tests at its end. Only
// then does the compiler schedule the additions to a sum next to their products;
// otherwise it puts off those that the next iteration uses, runs out of
// registers and is some 6 % slower. On amd64 the loop issues 3¼ instructions a
// multiply-add; a processor that takes six instructions a cycle is then busy all
// the time, and no other blocking does better with scalar instructions.
func micro(c *tile, a, b []float32) {
	steps := min(len(a)/rowPanelStep, len(b)/colPanelStep)
	if steps == 0 {
		return
	}
	var c00, c01, c02, c03 float32
	var c10, c11, c12, c13 float32
	rows, cols := unsafe.Pointer(unsafe.SliceData(a)), unsafe.Pointer(unsafe.SliceData(b))
	step := 0
	for {
		// Within the panels, because step < steps.
		p := (*[rowPanelStep]float32)(unsafe.Add(rows, step*(4*rowPanelStep)))
		q := (*[colPanelStep]float32)(unsafe.Add(cols, step*(4*colPanelStep)))

		a0, a1 := p[0], p[8]
		c00, c10 = c00+q[0]*a0, c10+q[0]*a1
		c01, c11 = c01+q[8]*a0, c11+q[8]*a1
		c02, c12 = c02+q[16]*a0, c12+q[16]*a1
		c03, c13 = c03+q[24]*a0, c13+q[24]*a1

		a0, a1 = p[1], p[9]
		c00, c10 = c00+q[1]*a0, c10+q[1]*a1
		c01, c11 = c01+q[9]*a0, c11+q[9]*a1
		c02, c12 = c02+q[17]*a0, c12+q[17]*a1
		c03, c13 = c03+q[25]*a0, c13+q[25]*a1

		a0, a1 = p[2], p[10]
		c00, c10 = c00+q[2]*a0, c10+q[2]*a1
		c01, c11 = c01+q[10]*a0, c11+q[10]*a1
		c02, c12 = c02+q[18]*a0, c12+q[18]*a1
		c03, c13 = c03+q[26]*a0, c13+q[26]*a1

		a0, a1 = p[3], p[11]
		c00, c10 = c00+q[3]*a0, c10+q[3]*a1
		c01, c11 = c01+q[11]*a0, c11+q[11]*a1
		c02, c12 = c02+q[19]*a0, c12+q[19]*a1
		c03, c13 = c03+q[27]*a0, c13+q[27]*a1

		a0, a1 = p[4], p[12]
		c00, c10 = c00+q[4]*a0, c10+q[4]*a1
		c01, c11 = c01+q[12]*a0, c11+q[12]*a1
		c02, c12 = c02+q[20]*a0, c12+q[20]*a1
		c03, c13 = c03+q[28]*a0, c13+q[28]*a1

		a0, a1 = p[5], p[13]
		c00, c10 = c00+q[5]*a0, c10+q[5]*a1
		c01, c11 = c01+q[13]*a0, c11+q[13]*a1
		c02, c12 = c02+q[21]*a0, c12+q[21]*a1
		c03, c13 = c03+q[29]*a0, c13+q[29]*a1

		a0, a1 = p[6], p[14]
		c00, c10 = c00+q[6]*a0, c10+q[6]*a1
		c01, c11 = c01+q[14]*a0, c11+q[14]*a1
		c02, c12 = c02+q[22]*a0, c12+q[22]*a1
		c03, c13 = c03+q[30]*a0, c13+q[30]*a1

		a0, a1 = p[7], p[15]
		c00, c10 = c00+q[7]*a0, c10+q[7]*a1
		c01, c11 = c01+q[15]*a0, c11+q[15]*a1
		c02, c12 = c02+q[23]*a0, c12+q[23]*a1
		c03, c13 = c03+q[31]*a0, c13+q[31]*a1

		step++
		if step >= steps {
			break
		}
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

// microSpan is how many steps of a long sum are added up before they join the
// rest: the rounding error of a float32 sum grows with the number of its terms,
// and 256 at a time costs nothing.
const microSpan = 256 / microStep

// accumulate is micro for panels of any length, in spans.
func accumulate(c *tile, row, column []float32) {
	for len(row) > 0 {
		rowSpan, columnSpan := min(len(row), microSpan*rowPanelStep), min(len(column), microSpan*colPanelStep)
		micro(c, row[:rowSpan], column[:columnSpan])
		row, column = row[rowSpan:], column[columnSpan:]
	}
}

// multiplyRows computes the product of a row panel and n columns, packed in
// panels: dst holds as many rows, each half of it long.
func multiplyRows(dst, row, columns []float32, n int) {
	size := len(row) / microRows * microCols
	row0, row1 := dst[:len(dst)/2], dst[len(dst)/2:]
	for j := 0; j < n; j += microCols {
		var t tile
		accumulate(&t, row, columns[j/microCols*size:][:size])
		copy(row0[j:], t[:microCols])
		copy(row1[j:], t[microCols:])
	}
}
