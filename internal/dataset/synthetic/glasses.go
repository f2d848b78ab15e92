package synthetic

type glasses struct {
	has       bool
	colour    rgb
	half, up  float32 // half width and height of a lens
	thick     float32
	square    bool
	down      float32
	tint      rgb
	tintAlpha float32
	rimless   bool // below
}

func newGlasses(r random, p *person) glasses {
	g := glasses{
		has:     r.chance(0.24),
		colour:  frameColours[r.below(len(frameColours))],
		half:    r.in(9.5, 13.5),
		up:      r.in(6, 11),
		thick:   r.in(0.5, 1.5),
		square:  r.chance(0.5),
		down:    r.in(0, 3.5),
		tint:    anyColour(r).times(0.2),
		rimless: r.chance(0.2),
	}
	g.half = min(g.half, p.eyes.apart-2.5)
	if r.chance(0.25) {
		g.tintAlpha = r.in(0.1, 0.45)
	}
	return g
}

func (c *canvas) glasses(p *person, s *scene) {
	g := &p.glasses
	if !s.glasses {
		return
	}
	const lift = 7
	rim := ink(g.colour)
	for _, side := range []float32{-1, 1} {
		f := s.pose.tangent(&p.head, side*p.eyes.apart, g.down, lift)
		lens := func(u, v float32) float32 { return ellipse(u, v, g.half, g.up) }
		if g.square {
			lens = func(u, v float32) float32 { return squircle(u, v, g.half, g.up) }
		}
		b := around(g.half+3, g.up+3)
		if g.tintAlpha > 0 {
			c.paint(f, b, ink(g.tint).thin(g.tintAlpha), lens)
		}
		// A pale streak: the reflection of the light in the glass.
		c.paint(f, b, ink(rgb{1, 1, 1}).thin(0.12+0.1*abs(s.light.toward.u)), func(u, v float32) float32 {
			return max(lens(u, v)+1, abs(u-0.6*v-4*s.light.toward.u)-1.6)
		})
		c.paint(f, b, rim, func(u, v float32) float32 {
			d := abs(lens(u, v)) - g.thick
			if g.rimless {
				d = max(d, v-1)
			}
			return d
		})
		// The arm, from the rim to the ear.
		x0, y0 := s.pose.at(vec{side * (p.eyes.apart + g.half), g.down - 2, p.head.depthAt(p.eyes.apart+g.half, 0) + lift})
		x1, y1 := s.pose.at(vec{side * (p.head.a + 1), 1, 4})
		arm := frame{x0, y0, x1 - x0, y1 - y0, 0, 1}
		if abs(arm.ux) > 1 {
			c.paint(arm, box{0, -3, 1, 3}, rim, func(u, v float32) float32 { return max(abs(v)-g.thick, (u-1)*9, -u*9) })
		}
	}
	f := s.pose.tangent(&p.head, 0, g.down, lift+2)
	gap := p.eyes.apart - g.half
	c.paint(f, around(gap+1, 5), rim, func(u, v float32) float32 {
		y := 1.5*sq(u/gap) - 2
		return max(between(v, y-g.thick, y+g.thick), abs(u)-gap)
	})
}
