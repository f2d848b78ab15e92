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

// visit calls do for each pixel of the picture in which the box may lie.
func (c *canvas) visit(f frame, b box, do func(i int, u, v float32)) {
	x0, y0, x1, y1 := float32(width), float32(height), float32(0), float32(0)
	for _, k := range [4][2]float32{{b.u0, b.v0}, {b.u1, b.v0}, {b.u0, b.v1}, {b.u1, b.v1}} {
		x, y := f.x+k[0]*f.ux+k[1]*f.vx, f.y+k[0]*f.uy+k[1]*f.vy
		x0, x1 = min(x0, x), max(x1, x)
		y0, y1 = min(y0, y), max(y1, y)
	}
	det := f.ux*f.vy - f.uy*f.vx
	if abs(det) < 1e-3 { // seen edge on
		return
	}
	iux, iuy, ivx, ivy := f.vy/det, -f.vx/det, -f.uy/det, f.ux/det
	left, right := int(max(x0-1, 0)), int(min(x1+2, width))
	for y := int(max(y0-1, 0)); y < int(min(y1+2, height)); y++ {
		dy := float32(y) - f.y
		for x := left; x < right; x++ {
			dx := float32(x) - f.x
			do(y*width+x, dx*iux+dy*iuy, dx*ivx+dy*ivy)
		}
	}
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
	colour, alpha, solid := with.colour, with.alpha, with.solid
	c.stroke(f, b, with.soft, d, func(i int, a, _, _ float32) {
		if solid >= 0 {
			c.solid[i] += (solid - c.solid[i]) * a
		}
		c.colour[i] = c.colour[i].mix(colour, a*alpha)
	})
}

// texture fills a shape with colours that differ from place to place, each with
// its own alpha.
func (c *canvas) texture(f frame, b box, with brush, d distance, fill func(u, v float32) (rgb, float32)) {
	c.stroke(f, b, with.soft, d, func(i int, a, u, v float32) {
		if with.solid >= 0 {
			c.solid[i] += (with.solid - c.solid[i]) * a
		}
		colour, alpha := fill(u, v)
		c.colour[i] = c.colour[i].mix(colour, a*alpha*with.alpha)
	})
}

// stroke calls do for each pixel that the shape touches, with the share it covers.
func (c *canvas) stroke(f frame, b box, soft float32, d distance, do func(i int, a, u, v float32)) {
	scale := f.pixels() / soft
	margin := soft / max(f.pixels(), 0.1)
	b = box{b.u0 - margin, b.v0 - margin, b.u1 + margin, b.v1 + margin}
	c.visit(f, b, func(i int, u, v float32) {
		if a := edge(d(u, v) * scale); a > 0 {
			do(i, a, u, v)
		}
	})
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
