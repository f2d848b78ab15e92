package synthetic

type eyes struct {
	apart       float32 // from the middle of the face to a pupil
	half        float32 // half width
	tall        float32 // half height when open
	tilt        float32 // radians, positive: the outer corner is higher
	round       float32 // where the upper lid is highest, -1 inner … 1 outer
	iris        rgb
	irisSize    float32
	white       rgb
	crease      float32 // distance of the fold from the lid; 0: none
	line        float32 // strength of the line of lashes
	bags        float32
	shadow      rgb // of the lid
	shadowAlpha float32
}

func newEyes(r random) eyes {
	e := eyes{
		apart:    r.around(14.8, 20.4),
		half:     r.around(5.8, 9.4),
		tall:     r.around(2.1, 4.6),
		tilt:     r.around(-0.22, 0.3),
		round:    r.in(-0.4, 0.4),
		iris:     irisColours[r.below(len(irisColours))].times(r.in(0.8, 1.3)),
		irisSize: r.around(2.8, 4.3),
		white:    srgb(236, 232, 226).mix(srgb(214, 190, 176), r.unit()),
		line:     r.in(0.35, 1),
		bags:     max(0, r.in(-0.3, 0.5)),
	}
	if r.chance(0.75) {
		e.crease = r.in(1.2, 3.6)
	}
	if r.chance(0.25) {
		e.shadow, e.shadowAlpha = anyColour(r).times(0.5), r.in(0.2, 0.6)
	}
	return e
}

func (c *canvas) eyes(p *person, s *scene) {
	for _, side := range []float32{-1, 1} {
		c.eye(p, s, side)
	}
}

// eye draws one eye; in its frame u runs from the nose outwards.
func (c *canvas) eye(p *person, s *scene, side float32) {
	e, x := &p.eyes, &s.expression
	f := s.pose.tangent(&p.head, side*e.apart, 0, 0)
	f.ux, f.uy = f.ux*side, f.uy*side
	f = f.rotated(-e.tilt)

	w := e.half
	open := e.tall * x.lids
	arc := func(u float32) float32 {
		t := (u/w - 0.5*e.round) / (1 + 0.5*abs(e.round))
		return max(0, 1-t*t) * max(0, 1-sq(sq(u/w)))
	}
	top := func(u float32) float32 { return 0.5 - (open*1.25+0.5)*arc(u) }
	bottom := func(u float32) float32 { return 0.5 + e.tall*(0.8*min(x.lids*1.5, 1)-0.6*x.squint)*max(0, 1-sq(u/w)) }
	slit := func(u, v float32) float32 { return max(between(v, top(u), bottom(u)), abs(u)-w) }
	dark := p.skin.times(0.22)

	if e.shadowAlpha > 0 {
		c.paint(f, box{-w, -9, w + 3, 3}, ink(e.shadow).thin(e.shadowAlpha).blurred(3), func(u, v float32) float32 {
			return between(v, top(u)-4, bottom(u))
		})
	}
	if e.bags > 0 {
		c.paint(f, box{-w, 2, w, e.tall + 8}, ink(dark).thin(e.bags*0.5).blurred(2.5), func(u, v float32) float32 {
			return max(between(v, bottom(u)+2, bottom(u)+4), abs(u)-w*0.8)
		})
	}
	if e.crease > 0 {
		gap := e.crease * (0.4 + 0.6*min(x.lids, 1))
		c.paint(f, box{-w, -e.tall - 9, w + 1, 2}, ink(dark).thin(0.55).blurred(1.4), func(u, v float32) float32 {
			y := top(u) - gap*(0.35+0.65*arc(u))
			return max(between(v, y-0.45, y+0.45), abs(u)-w)
		})
	}
	b := box{-w, -e.tall*1.8 - 2, w, e.tall + 3}
	c.paint(f, b, ink(e.white), slit)
	gu, gv := side*x.gazeX*w*0.28, 0.3-0.4+x.gazeY*e.tall*0.3-open*0.15
	ball := func(size float32) distance {
		return func(u, v float32) float32 { return max(ellipse(u-gu, v-gv, size, size), slit(u, v)) }
	}
	c.paint(f, b, ink(e.iris.times(0.35)), ball(e.irisSize))
	c.paint(f, b, ink(e.iris), ball(e.irisSize-0.7))
	c.paint(f, b, ink(rgb{0.01, 0.01, 0.01}), ball(e.irisSize*0.42))
	// The shadow of the lid, the lashes, the glint.
	c.paint(f, b, ink(dark).thin(0.5).blurred(2), func(u, v float32) float32 {
		return max(slit(u, v), v-top(u)-1.1)
	})
	c.paint(f, box{-w - 1, -e.tall*1.8 - 3, w + 3, 4}, ink(dark.times(0.5)).thin(e.line), func(u, v float32) float32 {
		y := top(u)
		thick := 0.5 + 0.9*e.line*smooth(-w, w, u)
		return max(between(v, y-thick, y+0.25), abs(u-0.6)-w-0.9)
	})
	c.paint(f, b, ink(dark).thin(0.45), func(u, v float32) float32 {
		y := bottom(u)
		return max(between(v, y-0.2, y+0.4), abs(u)-w)
	})
	gleam := side * s.light.toward.u * 1.4
	c.paint(f, b, ink(rgb{1, 1, 1}).thin(0.9), func(u, v float32) float32 {
		return max(ellipse(u-gu-gleam, v-gv+1.1, 0.75, 0.75), slit(u, v))
	})
}

type brows struct {
	above       float32 // distance from the eye
	half, thick float32
	arch, tilt  float32
	peak        float32 // where the arch is highest, 0 inner … 1 outer
	inward      float32 // how far the inner end reaches beyond the eye's middle
	colour      rgb
	alpha       float32
	bushy       float32
	joined      bool
	key         uint32
}

func newBrows(r random, man bool, p *person) brows {
	b := brows{
		above:  r.around(7.5, 14.5),
		half:   r.around(7, 12),
		thick:  r.around(0.7, 2.6),
		arch:   r.around(-0.5, 4.5),
		tilt:   r.around(-0.25, 0.25),
		peak:   r.in(0.35, 0.8),
		inward: r.in(-1.5, 2.5),
		colour: p.hair.colour.mix(p.skin.times(0.15), r.in(0, 0.7)),
		alpha:  r.in(0.5, 1),
		bushy:  r.in(0, 0.7),
		key:    uint32(r.below(1 << 30)),
	}
	if man {
		b.thick += r.in(0, 1)
		b.above -= r.in(0, 2.5)
		b.joined = r.chance(0.08)
	}
	return b
}

func (c *canvas) brows(p *person, s *scene) {
	b, x := &p.brows, &s.expression
	for _, side := range []float32{-1, 1} {
		f := s.pose.tangent(&p.head, side*p.eyes.apart, -b.above-x.brow, 1)
		f.ux, f.uy = f.ux*side, f.uy*side
		f = f.rotated(-b.tilt + 0.12*x.frown)
		mid := -0.3*b.inward - x.frown*0.5
		shape := func(u, v float32) float32 {
			t := ((u-mid)/b.half + 1) / 2 // 0 inner … 1 outer
			k := (t - b.peak) / max(b.peak, 1-b.peak)
			y := -b.arch * (1 - k*k)
			thick := b.thick * (1 - 0.75*smooth(0.45, 1.05, t)) * (0.65 + 0.35*smooth(0, 0.2, t))
			return max(between(v, y-thick, y+thick), -t*2*b.half, (t-1)*2*b.half)
		}
		c.texture(f, box{-b.half - 4, -b.arch - 5, b.half + 4, 6}, ink(b.colour), shape, func(u, v float32) (rgb, float32) {
			hair := noise(b.key, int32(u*2+v+100), int32(v*1.5+100))
			return b.colour, b.alpha * (1 - b.bushy*hair)
		})
	}
	if b.joined {
		f := s.pose.tangent(&p.head, 0, -b.above-x.brow+1, 1)
		c.paint(f, around(9, 3), ink(b.colour).thin(b.alpha*0.5).blurred(2), func(u, v float32) float32 {
			return ellipse(u, v, 7, 1.4)
		})
	}
}
