package synthetic

type mouth struct {
	down         float32 // v of the line between the lips
	half         float32 // half width
	upper, lower float32 // thickness of the lips
	bow          float32 // depth of the notch
	corners      float32 // positive: they hang
	teeth        rgb
	line         float32
	folds        float32 // strength of the lines from the nose
}

func newMouth(r random, n *nose) mouth {
	return mouth{
		down:    max(r.around(34.5, 46), n.length+14),
		half:    r.around(10.5, 18.5),
		upper:   r.around(0.8, 4.4),
		lower:   r.around(1.4, 5.8),
		bow:     r.in(0, 1.5),
		corners: r.around(-2.2, 2.2),
		teeth:   srgb(240, 236, 224).mix(srgb(200, 184, 144), r.unit()),
		line:    r.in(0.5, 1),
		folds:   max(0, r.in(-0.5, 0.7)),
	}
}

// corner is the half width of the mouth and v of its corners.
func (m *mouth) corner(e *expression) (half, v float32) {
	return m.half + 3*e.smile - 2.2*e.open, m.down + m.corners - 3.5*e.smile + e.open
}

func (c *canvas) mouth(p *person, s *scene) {
	m, e := &p.mouth, &s.expression
	w, v := m.corner(e)
	f := s.pose.tangent(&p.head, 0, m.down, 0)
	hang := v - m.down
	gap := e.open * 8
	arc := func(u float32) float32 { return max(0, 1-sq(u/w)) }
	// The lips part around the line of the closed mouth; the jaw gives more.
	mid := func(u float32) float32 { return hang * sq(u/w) }
	up := func(u float32) float32 { return mid(u) - 0.3*gap*arc(u) }
	down := func(u float32) float32 { return mid(u) + 0.7*gap*arc(u) }
	stretch := 1 - 0.25*max(e.smile, 0)
	top := func(u float32) float32 {
		k := u / w
		notch := m.bow * bump(k, 0, 0.22, 1)
		return up(u) - stretch*(m.upper*root(arc(u))*(1-0.35*abs(k))-notch)
	}
	bottom := func(u float32) float32 { return down(u) + stretch*m.lower*arc(u)*(1+0.15*bump(u/w, 0, 0.6, 1)) }
	b := box{-w - 1, -9, w + 1, gap + 12}
	dark := p.lips.mix(p.skin, 0.3).times(0.16)

	c.paint(f, b, ink(p.lips), func(u, v float32) float32 {
		return max(between(v, top(u), bottom(u)), abs(u)-w)
	})
	c.paint(f, b, ink(p.lips.times(0.66)).thin(0.8), func(u, v float32) float32 { // the upper lip turns from the light
		return max(between(v, top(u), up(u)), abs(u)-w)
	})
	if gap > 0.5 {
		inside := func(u, v float32) float32 { return max(between(v, up(u), down(u)), abs(u)-w*0.94) }
		c.paint(f, b, ink(rgb{0.03, 0.01, 0.01}), inside)
		c.paint(f, b, ink(m.teeth.times(0.8)), func(u, v float32) float32 {
			return max(inside(u, v), v-up(u)-min(gap*0.5, 2.8), abs(u)-w*0.75)
		})
	}
	c.paint(f, b, ink(dark).thin(m.line), func(u, v float32) float32 {
		d := between(v, up(u)-0.4, up(u)+0.4)
		return max(d, abs(u)-w-0.5)
	})
	c.paint(f, box{-w, bottom(0), w, bottom(0) + 5}, ink(p.skin.times(0.4)).thin(0.5).blurred(2.2), func(u, v float32) float32 {
		return ellipse(u, v-bottom(0)-1.6, w*0.5, 0.8)
	})
	c.smileLines(p, s)
}

// smileLines run from the wings of the nose past the corners of the mouth.
func (c *canvas) smileLines(p *person, s *scene) {
	strength := p.mouth.folds*0.8 + 0.35*max(s.expression.smile, 0)
	if strength < 0.05 {
		return
	}
	w, v := p.mouth.corner(&s.expression)
	from, to := p.nose.length, v+2
	for _, side := range []float32{-1, 1} {
		f := s.pose.tangent(&p.head, side*p.nose.wing, from, 0)
		f.ux, f.uy = f.ux*side, f.uy*side
		f.vx, f.vy = f.vx*(to-from), f.vy*(to-from)
		reach := w + 3 - p.nose.wing
		c.visit(f, box{-2, 0, reach + 3, 1}, func(i int, u, t float32) {
			d := abs(u-1-reach*(0.25*t+0.75*t*t)) - 0.5
			if a := edge(d/1.4) * strength * bump(0, t-0.5, 1, 0.6); a > 0 {
				c.colour[i] = c.colour[i].mix(p.skin.times(0.35), a)
			}
		})
	}
}
