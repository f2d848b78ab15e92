package synthetic

type ears struct {
	long, out float32
	down      float32
	lobe      float32
}

func newEars(r random) ears {
	return ears{long: r.around(7, 13), out: r.around(0.5, 7), down: r.in(4, 12), lobe: r.in(0.6, 1.1)}
}

func (c *canvas) ears(p *person, s *scene) {
	e := &p.ears
	for _, side := range []float32{-1, 1} {
		x, y := s.pose.at(vec{side * (p.head.a - 1 + e.out*0.5), e.down, 0})
		// An ear lies at a right angle to the face: the nearer it is to the
		// viewer, the wider it looks.
		wide := max(0.6, 1-side*s.pose.sinYaw*2)
		f := frame{x, y, s.pose.a, s.pose.b, -s.pose.b, s.pose.a}.rotated(-side * 0.15)
		ru, rv := (2.2+e.out*0.6)*wide, e.long
		shape := func(u, v float32) float32 { return ellipse(u, v, ru*(1-0.3*v/rv*(1.1-e.lobe)), rv) }
		c.paint(f, around(ru*1.5, rv), ink(p.skin.mix(p.blush, 0.5)).part(1), shape)
		c.paint(f, around(ru, rv), ink(p.skin.times(0.6)).thin(0.6).blurred(2), func(u, v float32) float32 {
			return ellipse(u+side*0.4, v+1, ru*0.55, rv*0.6)
		})
	}
}
