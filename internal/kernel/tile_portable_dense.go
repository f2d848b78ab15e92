package kernel

import "unsafe"

// tileDensePortable is tilePortable where the steps of a row and of b follow
// each other. The places of four steps are then constants, and a round does
// four.
func tileDensePortable(t *tile) {
	init := portableFour(unsafe.Pointer(t.init))
	c00, c01, c02, c03 := init[0], init[1], init[2], init[3]
	c10, c11, c12, c13 := c00, c01, c02, c03
	rows := (*[portableRows]int)(unsafe.Pointer(t.aRows))
	size := floatBytes * t.steps // of a row
	for _, r := range unsafe.Slice(t.runs, t.runCount) {
		row0 := unsafe.Add(unsafe.Pointer(t.a), rows[0]+r.a)
		row1 := unsafe.Add(unsafe.Pointer(t.a), rows[1]+r.a)
		b := unsafe.Add(unsafe.Pointer(t.b), r.b)
		i := 0
		for rest := size & (3 * floatBytes); i != rest; i += floatBytes {
			a0, a1, q := *(*float32)(unsafe.Add(row0, i)), *(*float32)(unsafe.Add(row1, i)), portableFour(unsafe.Add(b, portableCols*i))
			c00, c10 = c00+q[0]*a0, c10+q[0]*a1
			c01, c11 = c01+q[1]*a0, c11+q[1]*a1
			c02, c12 = c02+q[2]*a0, c12+q[2]*a1
			c03, c13 = c03+q[3]*a0, c13+q[3]*a1
		}
		if i == size {
			continue
		}
		for {
			p0, p1 := (*[4]float32)(unsafe.Add(row0, i)), (*[4]float32)(unsafe.Add(row1, i))
			q := (*[4 * portableCols]float32)(unsafe.Add(b, portableCols*i))

			a0, a1 := p0[0], p1[0]
			c00, c10 = c00+q[0]*a0, c10+q[0]*a1
			c01, c11 = c01+q[1]*a0, c11+q[1]*a1
			c02, c12 = c02+q[2]*a0, c12+q[2]*a1
			c03, c13 = c03+q[3]*a0, c13+q[3]*a1

			a0, a1 = p0[1], p1[1]
			c00, c10 = c00+q[4]*a0, c10+q[4]*a1
			c01, c11 = c01+q[5]*a0, c11+q[5]*a1
			c02, c12 = c02+q[6]*a0, c12+q[6]*a1
			c03, c13 = c03+q[7]*a0, c13+q[7]*a1

			a0, a1 = p0[2], p1[2]
			c00, c10 = c00+q[8]*a0, c10+q[8]*a1
			c01, c11 = c01+q[9]*a0, c11+q[9]*a1
			c02, c12 = c02+q[10]*a0, c12+q[10]*a1
			c03, c13 = c03+q[11]*a0, c13+q[11]*a1

			a0, a1 = p0[3], p1[3]
			c00, c10 = c00+q[12]*a0, c10+q[12]*a1
			c01, c11 = c01+q[13]*a0, c11+q[13]*a1
			c02, c12 = c02+q[14]*a0, c12+q[14]*a1
			c03, c13 = c03+q[15]*a0, c13+q[15]*a1

			i += 4 * floatBytes
			if i == size {
				break
			}
		}
	}
	storePortable(t, c00, c01, c02, c03, c10, c11, c12, c13)
}
