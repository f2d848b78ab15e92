package kernel

import "unsafe"

// dotRows is how many rows of a matrix are multiplied with a vector at a time.
const dotRows = 4

// dots is the product of a vector x with dotRows rows, which lie pitch bytes
// apart. Its sums are written to sum.
type dots struct {
	x, w  *float32
	n     int // a multiple of the level's dotStep
	pitch int
	sum   [dotRows]float32
}

// dot returns the products of x with the rows [row, row+rows) of w.
func (l *level) dot(d *dots, x, w []float32, row, rows int) [dotRows]float32 {
	n := len(x)
	whole := n / l.dotStep * l.dotStep
	if rows < dotRows { // the rows there are, one at a time
		var sums [dotRows]float32
		for i := range rows {
			*d = dots{x: &x[0], w: &w[(row+i)*n], n: n}
			dotsPortable(d)
			sums[i] = d.sum[0]
		}
		return sums
	}
	*d = dots{x: &x[0], w: &w[row*n], n: whole, pitch: floatBytes * n}
	if whole > 0 {
		l.dots(d)
	}
	sums := d.sum
	if whole < n {
		*d = dots{x: &x[whole], w: &w[row*n+whole], n: n - whole, pitch: floatBytes * n}
		dotsPortable(d)
		for i, s := range d.sum {
			sums[i] += s
		}
	}
	return sums
}

func dotsPortable(d *dots) {
	x := unsafe.Slice(d.x, d.n)
	w0, w1 := floatsAt(d.w, 0, d.n), floatsAt(d.w, d.pitch, d.n)
	w2, w3 := floatsAt(d.w, 2*d.pitch, d.n), floatsAt(d.w, 3*d.pitch, d.n)
	var s0, s1, s2, s3, r0, r1, r2, r3 float32
	for len(x) >= 2 && len(w0) >= 2 && len(w1) >= 2 && len(w2) >= 2 && len(w3) >= 2 {
		a, b := x[0], x[1]
		s0, r0 = s0+a*w0[0], r0+b*w0[1]
		s1, r1 = s1+a*w1[0], r1+b*w1[1]
		s2, r2 = s2+a*w2[0], r2+b*w2[1]
		s3, r3 = s3+a*w3[0], r3+b*w3[1]
		x, w0, w1, w2, w3 = x[2:], w0[2:], w1[2:], w2[2:], w3[2:]
	}
	for i, v := range x {
		s0 += v * w0[i]
		s1 += v * w1[i]
		s2 += v * w2[i]
		s3 += v * w3[i]
	}
	d.sum = [dotRows]float32{s0 + r0, s1 + r1, s2 + r2, s3 + r3}
}
