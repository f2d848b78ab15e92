package pico

import "slices"

// Gray is an image of W×H brightnesses, row by row: fewer than 2³¹.
type Gray struct {
	Pix  []uint8
	W, H int
}

// Padded returns the image with a frame of n pixels that repeats its outermost
// ones.
func (g Gray) Padded(n int) Gray {
	p := Gray{W: g.W + 2*n, H: g.H + 2*n}
	p.Pix = make([]uint8, p.W*p.H)
	for y := range p.H {
		from := g.Pix[min(max(y-n, 0), g.H-1)*g.W:][:g.W]
		row := p.Pix[y*p.W:][:p.W]
		copy(row[n:], from)
		for x := range n {
			row[x], row[n+g.W+x] = from[0], from[g.W-1]
		}
	}
	return p
}

// Mirrored returns the image with its columns from right to left.
func (g Gray) Mirrored() Gray {
	m := Gray{Pix: make([]uint8, len(g.Pix)), W: g.W, H: g.H}
	for y := range g.H {
		row := m.Pix[y*g.W:][:g.W]
		copy(row, g.Pix[y*g.W:])
		slices.Reverse(row)
	}
	return m
}
