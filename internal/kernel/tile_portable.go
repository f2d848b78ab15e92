package kernel

import "unsafe"

// Register block of the portable tile: what Go's compiler keeps in the fifteen
// registers that amd64 has for floats; larger blocks spill.
const (
	portableRows = 2
	portableCols = 4
)

// tilePortable is the tile function in Go. Products and sums are rounded
// apart, or together where the compiler fuses them (arm64).
func tilePortable(t *tile) {
	type cols = *[portableCols]float32
	init := cols(unsafe.Pointer(t.init))
	c00, c01, c02, c03 := init[0], init[1], init[2], init[3]
	c10, c11, c12, c13 := c00, c01, c02, c03
	rows := (*[portableRows]int)(unsafe.Pointer(t.aRows))
	second := rows[1] - rows[0]
	steps, aStep, bStep := t.steps, t.aStep, t.bStep
	for _, r := range unsafe.Slice(t.runs, t.runCount) {
		a := unsafe.Add(unsafe.Pointer(t.a), rows[0]+r.a)
		b := unsafe.Add(unsafe.Pointer(t.b), r.b)
		for k := steps; ; {
			q := cols(b)
			a0, a1 := *(*float32)(a), *(*float32)(unsafe.Add(a, second))
			c00, c10 = c00+q[0]*a0, c10+q[0]*a1
			c01, c11 = c01+q[1]*a0, c11+q[1]*a1
			c02, c12 = c02+q[2]*a0, c12+q[2]*a1
			c03, c13 = c03+q[3]*a0, c13+q[3]*a1
			k--
			if k == 0 { // no pointer may move past the end of its memory
				break
			}
			a, b = unsafe.Add(a, aStep), unsafe.Add(b, bStep)
		}
	}
	at := (*[portableRows]int)(unsafe.Pointer(t.cRows))
	p, q := cols(unsafe.Add(unsafe.Pointer(t.c), at[0])), cols(unsafe.Add(unsafe.Pointer(t.c), at[1]))
	if t.add != 0 {
		// Both rows are read before one is written: they may be the same.
		c00, c01, c02, c03 = c00+p[0], c01+p[1], c02+p[2], c03+p[3]
		c10, c11, c12, c13 = c10+q[0], c11+q[1], c12+q[2], c13+q[3]
	}
	*p = [portableCols]float32{c00, c01, c02, c03}
	*q = [portableCols]float32{c10, c11, c12, c13}
}
