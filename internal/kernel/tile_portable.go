package kernel

import "unsafe"

// Register block of the portable tile: what Go's compiler keeps in the fifteen
// registers that amd64 has for floats; larger blocks spill.
const (
	portableRows = 2
	portableCols = 4
)

// portableFour is one row of the block.
type portableFour = *[portableCols]float32

// tilePortable is the tile function in Go. Products and sums are rounded
// apart, or together where the compiler fuses them (arm64).
//
// Its loop is one basic block, which tests at its end: only then does the
// compiler put each addition next to its product, and not all at the end, for
// which it has too few registers. It does two steps in a round because a round
// ends with moving the sums to where the next one expects them. Offsets move,
// not pointers, which must not leave their memory after the last step.
func tilePortable(t *tile) {
	init := portableFour(unsafe.Pointer(t.init))
	c00, c01, c02, c03 := init[0], init[1], init[2], init[3]
	c10, c11, c12, c13 := c00, c01, c02, c03
	rows := (*[portableRows]int)(unsafe.Pointer(t.aRows))
	steps, aStep, bStep := t.steps, t.aStep, t.bStep
	for _, r := range unsafe.Slice(t.runs, t.runCount) {
		row0 := unsafe.Add(unsafe.Pointer(t.a), rows[0]+r.a)
		row1 := unsafe.Add(unsafe.Pointer(t.a), rows[1]+r.a)
		b := unsafe.Add(unsafe.Pointer(t.b), r.b)
		i, j, k := 0, 0, steps
		if k&1 != 0 {
			a0, a1, q := *(*float32)(row0), *(*float32)(row1), portableFour(b)
			c00, c10 = c00+q[0]*a0, c10+q[0]*a1
			c01, c11 = c01+q[1]*a0, c11+q[1]*a1
			c02, c12 = c02+q[2]*a0, c12+q[2]*a1
			c03, c13 = c03+q[3]*a0, c13+q[3]*a1
			i, j, k = aStep, bStep, k-1
		}
		if k == 0 {
			continue
		}
		for {
			a0, a1, q := *(*float32)(unsafe.Add(row0, i)), *(*float32)(unsafe.Add(row1, i)), portableFour(unsafe.Add(b, j))
			c00, c10 = c00+q[0]*a0, c10+q[0]*a1
			c01, c11 = c01+q[1]*a0, c11+q[1]*a1
			c02, c12 = c02+q[2]*a0, c12+q[2]*a1
			c03, c13 = c03+q[3]*a0, c13+q[3]*a1
			i, j = i+aStep, j+bStep

			a0, a1, q = *(*float32)(unsafe.Add(row0, i)), *(*float32)(unsafe.Add(row1, i)), portableFour(unsafe.Add(b, j))
			c00, c10 = c00+q[0]*a0, c10+q[0]*a1
			c01, c11 = c01+q[1]*a0, c11+q[1]*a1
			c02, c12 = c02+q[2]*a0, c12+q[2]*a1
			c03, c13 = c03+q[3]*a0, c13+q[3]*a1
			i, j, k = i+aStep, j+bStep, k-2
			if k == 0 {
				break
			}
		}
	}
	storePortable(t, c00, c01, c02, c03, c10, c11, c12, c13)
}

// storePortable writes the sums of a tile, or adds them.
func storePortable(t *tile, c00, c01, c02, c03, c10, c11, c12, c13 float32) {
	at := (*[portableRows]int)(unsafe.Pointer(t.cRows))
	p, q := portableFour(unsafe.Add(unsafe.Pointer(t.c), at[0])), portableFour(unsafe.Add(unsafe.Pointer(t.c), at[1]))
	if t.add != 0 {
		// Both rows are read before one is written: they may be the same.
		c00, c01, c02, c03 = c00+p[0], c01+p[1], c02+p[2], c03+p[3]
		c10, c11, c12, c13 = c10+q[0], c11+q[1], c12+q[2], c13+q[3]
	}
	p[0], p[1], p[2], p[3] = c00, c01, c02, c03
	q[0], q[1], q[2], q[3] = c10, c11, c12, c13
}
