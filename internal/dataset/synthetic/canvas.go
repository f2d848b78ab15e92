package synthetic

import (
	"github.com/sphereface-go/sphereface/internal/face"
)

const (
	width  = face.CropWidth
	height = face.CropHeight
	pixels = width * height
)

// canvas is what is painted before the light falls on it: for each pixel the
// colour of the surface, how far it stands out, and how much of it belongs to the
// head.
type canvas struct {
	colour [pixels]rgb
	relief [pixels]float32 // pixels towards the viewer
	solid  [pixels]float32 // 0 backdrop … 1 head
	past   [pixels]rgb     // for the blur
}

// A box bounds a shape in the units of its frame.
type box struct{ u0, v0, u1, v1 float32 }

func around(u, v float32) box { return box{-u, -v, u, v} }

// visit calls do for each pixel of the picture in the box, row by row.
func (c *canvas) visit(f frame, b box, do func(i int, u, v float32)) {
	det := f.ux*f.vy - f.uy*f.vx
	if abs(det) < 1e-3 { // seen edge on
		return
	}
	iux, iuy, ivx, ivy := f.vy/det, -f.vx/det, -f.uy/det, f.ux/det
	y0, y1 := float32(height), float32(0)
	for _, k := range [4][2]float32{{b.u0, b.v0}, {b.u1, b.v0}, {b.u0, b.v1}, {b.u1, b.v1}} {
		y := f.y + k[0]*f.uy + k[1]*f.vy
		y0, y1 = min(y0, y), max(y1, y)
	}
	for y := int(max(y0, 0)); y < int(min(y1+1, height)); y++ {
		dy := float32(y) - f.y
		u, v := dy*iuy-f.x*iux, dy*ivy-f.x*ivx // at the left edge of the picture
		x0, x1 := run(u, iux, b.u0, b.u1, 0, width-1)
		x0, x1 = run(v, ivx, b.v0, b.v1, x0, x1)
		if x0 > x1 {
			continue
		}
		for x := int(x0); x <= int(x1); x++ {
			do(y*width+x, u+float32(x)*iux, v+float32(x)*ivx)
		}
	}
}

// run cuts x0…x1 to where the line at + x·slope is between low and high.
func run(at, slope, low, high, x0, x1 float32) (float32, float32) {
	if abs(slope) < 1e-6 {
		if at < low || at > high {
			return 1, 0
		}
		return x0, x1
	}
	a, b := (low-at)/slope, (high-at)/slope
	if a > b {
		a, b = b, a
	}
	return max(x0, a), min(x1, b)
}

// A distance is negative inside a shape, positive outside, and near the edge about
// the number of units to it.
type distance func(u, v float32) float32

// A brush is how a shape is filled.
type brush struct {
	colour rgb
	alpha  float32
	soft   float32 // width of the edge in pixels, at least 1: anti-aliasing
	solid  float32 // what the shape belongs to, as in canvas; negative: to what is below it
}

func ink(c rgb) brush { return brush{c, 1, 1, -1} }

func (b brush) thin(alpha float32) brush { b.alpha = alpha; return b }

func (b brush) blurred(pixels float32) brush { b.soft = max(pixels, 1); return b }

func (b brush) part(solid float32) brush { b.solid = solid; return b }

// paint fills a shape with one colour.
func (c *canvas) paint(f frame, b box, with brush, d distance) {
	scale, b := with.reach(f, b)
	c.visit(f, b, func(i int, u, v float32) {
		if a := edge(d(u, v) * scale); a > 0 {
			with.touch(c, i, a, with.colour)
		}
	})
}

// texture fills a shape with colours that differ from place to place, each with
// its own alpha.
func (c *canvas) texture(f frame, b box, with brush, d distance, fill func(u, v float32) (rgb, float32)) {
	scale, b := with.reach(f, b)
	c.visit(f, b, func(i int, u, v float32) {
		if a := edge(d(u, v) * scale); a > 0 {
			colour, alpha := fill(u, v)
			with.touch(c, i, a*alpha, colour)
		}
	})
}

// reach is what turns units of the frame into widths of the edge, and the box with
// room for that edge.
func (b brush) reach(f frame, around box) (scale float32, wider box) {
	margin := b.soft / max(f.pixels(), 0.1)
	return f.pixels() / b.soft, box{around.u0 - margin, around.v0 - margin, around.u1 + margin, around.v1 + margin}
}

// touch lays the colour over a pixel.
func (b *brush) touch(c *canvas, i int, a float32, colour rgb) {
	if b.solid >= 0 {
		c.solid[i] += (b.solid - c.solid[i]) * a
	}
	c.colour[i] = c.colour[i].mix(colour, a*b.alpha)
}

// emboss raises the surface.
func (c *canvas) emboss(f frame, b box, rise func(u, v float32) float32) {
	c.visit(f, b, func(i int, u, v float32) { c.relief[i] += rise(u, v) })
}

// edge is the share of a pixel that a shape covers whose edge is d pixels away.
func edge(d float32) float32 {
	switch {
	case d <= -0.5:
		return 1
	case d < 0.5:
		return 0.5 - d
	}
	return 0 // also for a NaN
}

func (c *canvas) clear() {
	clear(c.relief[:])
	clear(c.solid[:])
}

// draw paints the scene from back to front.
func (c *canvas) draw(p *person, s *scene) {
	c.clear()
	view := s.pose.outline(&p.head)
	c.background(&s.background)
	c.backHair(p, s, view)
	c.bust(p, s, view)
	c.ears(p, s)
	c.skin(p, view)
	c.relieve(p, s)
	c.marks(p, s)
	c.mouth(p, s)
	c.nose(p, s)
	c.beard(p, s, view)
	c.eyes(p, s)
	c.frontHair(p, s, view)
	c.brows(p, s)
	c.glasses(p, s)
	c.obstacle(&s.obstacle)
}
