package synthetic

type nose struct {
	length  float32 // v of the tip
	height  float32 // of the tip above the face
	wing    float32 // half width at the nostrils
	bridge  float32 // half width between the eyes
	tip     float32 // radius
	flare   float32 // size of the nostrils
	droop   float32 // how far the tip hangs below the wings
	hump    float32 // of the ridge
	crooked float32 // u of the tip
}

func newNose(r random, man bool) nose {
	n := nose{
		length:  r.around(15.5, 25.5),
		height:  r.around(7, 15),
		wing:    r.around(5.4, 10.6),
		bridge:  r.around(2.2, 5),
		tip:     r.in(2.8, 5.6),
		flare:   r.in(0.5, 1.5),
		droop:   r.around(-2, 3),
		hump:    max(0, r.in(-2, 2.5)),
		crooked: r.normal(0.7),
	}
	if man {
		n.length++
		n.wing += 0.5
	}
	return n
}

// ridge is the plane from the root of the nose to its tip.
func (p *person) ridge(s *scene) frame {
	n := &p.nose
	z := p.head.depthAt(0, 0)
	x0, y0 := s.pose.at(vec{0, -3, z + 1})
	x1, y1 := s.pose.at(vec{n.crooked, n.length, z + n.height})
	f := s.pose.tangent(&p.head, 0, 8, 0)
	f.x, f.y = x0, y0
	f.vx, f.vy = (x1-x0)/(n.length+3), (y1-y0)/(n.length+3)
	return f
}

// end is the plane through the tip of the nose.
func (p *person) end(s *scene) frame {
	n := &p.nose
	return s.pose.tangent(&p.head, n.crooked, n.length, n.height*0.8)
}

func (c *canvas) noseRelief(p *person, s *scene) {
	n := &p.nose
	long := n.length + 3
	c.emboss(p.ridge(s), box{-n.wing, 0, n.wing, long}, func(u, v float32) float32 {
		t := v / long
		if t < 0 || t > 1 {
			return 0
		}
		wide := n.bridge*(1-t) + n.wing*0.85*t + 1.5
		rise := n.height*0.55*t*(1-smooth(0.85, 1, t)) + n.hump*bump(0, t-0.45, 1, 0.4)
		return rise * bump(u, 0, wide, 1)
	})
	f := p.end(s)
	round := n.tip * 1.5
	c.emboss(f, around(round, round), func(u, v float32) float32 {
		return n.height * 0.5 * bump(u, v, round, round)
	})
	for _, side := range []float32{-1, 1} {
		c.emboss(f, around(2*n.wing, 8), func(u, v float32) float32 {
			return 2.6 * bump(u-side*n.wing*0.72, v-1+n.droop*0.3, n.wing*0.42, 4)
		})
	}
}

// nose draws what is dark: the nostrils, the crease around the wings and the
// shadow below.
func (c *canvas) nose(p *person, s *scene) {
	n := &p.nose
	f := p.end(s)
	dark := p.skin.times(0.18)
	base := n.tip*0.8 - n.droop*0.4
	c.paint(f, box{-n.wing, base - 1, n.wing, base + 8}, ink(p.skin.times(0.45)).thin(0.45).blurred(3.5), func(u, v float32) float32 {
		return ellipse(u, v-base-2, n.wing*0.8, 1.6)
	})
	for _, side := range []float32{-1, 1} {
		c.paint(f, around(n.wing, 9), ink(dark).thin(0.85).blurred(1.3), func(u, v float32) float32 {
			return ellipse(u-side*n.wing*0.48, v-base-0.25*side*(u-side*n.wing*0.48), 0.9+n.flare*1.1, 0.5+n.flare*0.6)
		})
		c.paint(f, around(n.wing+3, 10), ink(dark).thin(0.5).blurred(1.4), func(u, v float32) float32 {
			d := abs(ellipse(u-side*n.wing*0.6, v-base+2.4, n.wing*0.4, 4)) - 0.5
			return max(d, n.wing*0.55-side*u)
		})
	}
}
