package synthetic

// hair is described by what it does, not by a name for the cut, so cuts blend.
type hair struct {
	colour, shine rgb
	bald          bool
	volume        float32 // above the crown
	sides         float32 // beside the head
	length        float32 // v of the ends
	line          float32 // v of the hairline at the middle
	recede        float32 // how far it goes back at the temples
	fringe        float32 // how far it falls over the forehead
	part          float32 // u of the parting, as a share of the half width
	sweep         float32 // how much lower it hangs away from the parting
	burns         float32 // v of the sideburns' ends
	cover         float32 // how far it falls over the cheeks
	waves, curl   float32 // depth of the waves at the edge, and how many
	strands       float32 // contrast of the strands
	direction     float32
	phase         float32
	key           uint32
	band          bool // a hair band
	bandColour    rgb
}

func newHair(r random, man bool, tone float32) hair {
	h := hair{
		volume:    r.in(2, 7),
		sides:     r.in(0.5, 3),
		length:    r.in(0, 14),
		line:      -r.around(21, 33),
		recede:    max(0, r.in(-6, 6)),
		part:      r.in(-0.9, 0.9),
		sweep:     r.in(-4, 10),
		burns:     r.in(0, 22),
		waves:     r.in(0, 1),
		curl:      r.in(0.04, 0.16),
		strands:   r.in(0.1, 0.55),
		direction: r.in(-0.5, 0.5),
		phase:     r.unit(),
		key:       uint32(r.below(1 << 30)),
	}
	h.colour = hairColours[r.below(len(hairColours))]
	if r.chance(tone * tone * 1.3) { // dark skin: dark hair, nearly always
		h.colour = hairColours[r.below(2)]
	}
	h.colour = h.colour.mix(hairColours[r.below(len(hairColours))], r.in(0, 0.3)).times(r.in(0.8, 1.25))
	h.shine = h.colour.mix(rgb{1, 0.95, 0.85}, r.in(0.08, 0.3))

	switch k := r.unit(); {
	case man && k < 0.14:
		h.bald = true
	case man && k < 0.28: // receding
		h.recede, h.line, h.volume = r.in(7, 16), h.line-r.in(2, 8), r.in(0, 3)
	case man && k < 0.4: // cropped
		h.volume, h.sides, h.sweep, h.recede = r.in(0.5, 2), 0.4, 0, r.in(0, 5)
	case k < 0.5: // round and curly
		h.volume, h.sides, h.length = r.in(8, 16), r.in(5, 13), r.in(10, 34)
		h.waves, h.curl, h.sweep = r.in(1, 2.4), r.in(0.1, 0.22), 0
	case k < 0.62: // fringe
		h.fringe, h.sweep = r.in(6, 15), r.in(-2, 2)
	}
	if !man && !h.bald && r.chance(0.72) {
		h.length, h.sides = r.in(26, 95), r.in(3, 11)
		h.cover, h.burns = r.in(0, 8), r.in(10, 30)
		h.recede *= 0.3
		if r.chance(0.35) {
			h.fringe = r.in(5, 16)
		}
		h.waves = r.in(0, 2.2)
	}
	if !man && r.chance(0.12) {
		h.band, h.bandColour = true, anyColour(r)
	}
	return h
}

// strand is the colour of the hair at a place: streaks that run along it.
func (h *hair) strand(u, v float32) (rgb, float32) {
	across := u + h.direction*v + 1.5*h.waves*wave(v*0.6*h.curl+h.phase)
	streak := wave(across*0.083+h.phase) + 0.6*wave(across*0.19+2*h.phase)
	// Between two hairs the noise fades over, so that no grid shows.
	at := across*0.9 + 200
	k := int32(at)
	t := at - float32(k)
	fine := noise(h.key, k, 0)*(1-t) + noise(h.key, k+1, 0)*t
	return h.colour.mix(h.shine, h.strands*(0.3+0.2*streak+0.5*fine)).times(1.1 - 0.4*h.strands*fine), 1
}

// fluff moves the edge of the hair in and out.
func (h *hair) fluff(s *scene, t float32) float32 {
	return h.waves * (wave(t*h.curl*0.7+h.phase+0.1*s.hair) + 0.5*wave(t*h.curl*1.7+2*h.phase))
}

// backHair is what lies behind the head.
func (c *canvas) backHair(p *person, s *scene, w view) {
	h := &p.hair
	if h.bald {
		return
	}
	length := h.length + 3*s.hair
	k, m := (w.head.a+h.sides)/w.head.a, (-w.top+h.volume)/-w.top
	shape := func(u, v float32) float32 {
		if abs(u) < 0.55*w.head.a && v > 0.5*w.top && v < 0.5*w.chin {
			return 1 // hidden by the face
		}
		if v < 0 { // the crown: the outline, blown up
			return w.outside(u/k, v/m) - h.fluff(s, u+v)*0.8
		}
		side, end := abs(u)-w.head.a-h.sides-0.06*v, v-length
		if reach := 1.5*h.waves + 1; side > reach || end > reach {
			return 1
		} else if side < -reach && end < -reach {
			return -1
		}
		return max(side-h.fluff(s, v), end+0.5*h.fluff(s, u*1.3))
	}
	side := w.head.a + h.sides + 12
	b := box{-side, w.top - h.volume - 5, side, max(length, 0) + 6}
	c.texture(w.frame, b, ink(h.colour).part(0.8), shape, func(u, v float32) (rgb, float32) {
		col, a := h.strand(u, v)
		return col.times(0.72), a
	})
}

// hairline is v of the hair's lower edge on the forehead; u counts from the
// middle of the turned face, as a share of the half width.
func (h *hair) hairline(s *scene, u float32) float32 {
	k := abs(u)
	v := h.line + h.fringe - h.recede*bump(k-0.55, 0, 0.4, 1)
	away := abs(u-h.part) / (1 + abs(h.part))
	v += h.sweep * (away - 0.3) * (1 - smooth(0.75, 1, k))
	v += (h.burns - h.line) * smooth(0.8, 0.97, k)
	if h.fringe > 0 {
		v += 1.2*wave(u*4.3+h.phase+0.1*s.hair) + 0.7*wave(u*9.1)
	}
	return v + 0.6*h.fluff(s, u*30)
}

// frontHair is what lies on the head, down to the hairline, and the strands that
// fall over the cheeks.
func (c *canvas) frontHair(p *person, s *scene, w view) {
	h := &p.hair
	if h.bald {
		return
	}
	k := (w.head.a + min(h.sides, 3)) / w.head.a
	m := (-w.top + h.volume) / -w.top
	var line [129]float32 // the hairline at u = -64…64
	for i := range line {
		line[i] = w.nod + h.hairline(s, (float32(i)-64-w.turned)/w.head.a)
	}
	cap := func(u, v float32) float32 {
		at := min(max(u+64, 0), 127.9)
		i := int(at)
		d := (v - line[i] - (line[i+1]-line[i])*(at-float32(i))) * 0.8
		if d > 1 {
			return d
		}
		if v < 0 {
			v /= m
		}
		return max(w.outside(u/k, v), d)
	}
	side := w.head.a + 14
	b := box{-side, w.top - h.volume - 5, side, 30}
	c.texture(w.frame, b, ink(h.colour).part(1), cap, h.strand)
	if h.band {
		c.paint(w.frame, box{-side, w.top - h.volume, side, 0}, ink(h.bandColour), func(u, v float32) float32 {
			y := w.top*0.72 + 14*sq(u/w.head.a)
			return max(between(v, y-3, y+3), w.outside(u/k, v/m))
		})
	}
	if h.cover <= 0 {
		return
	}
	length := h.length + 3*s.hair
	locks := func(u, v float32) float32 {
		if abs(u) < w.head.a-h.cover-8 {
			return 1
		}
		inner := w.head.a - h.cover + h.fluff(s, v+7) - 0.04*v
		outer := w.head.a + h.sides + 0.06*v + h.fluff(s, v)
		return max(between(abs(u), inner, outer), -18-v, v-length)
	}
	b = box{-side, -18, side, length + 3}
	c.texture(w.frame, b, ink(h.colour).part(1), locks, h.strand)
}
