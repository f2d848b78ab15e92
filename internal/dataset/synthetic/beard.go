package synthetic

type beard struct {
	colour    rgb
	cheeks    float32 // alpha on cheeks and jaw, 0: none
	line      float32 // how far it goes up the cheeks, 0…1
	goatee    float32 // alpha around the mouth
	goateeTo  float32 // its half width
	moustache float32 // alpha
	thick     float32 // of the moustache
	long      float32 // beyond the chin
	key       uint32
}

func newBeard(r random, man bool, p *person) beard {
	b := beard{
		colour:   p.hair.colour.mix(hairColours[r.below(4)], r.in(0, 0.5)),
		line:     r.unit(),
		goateeTo: r.in(8, 17),
		thick:    r.in(1.5, 4),
		key:      uint32(r.below(1 << 30)),
	}
	if !man {
		return b
	}
	switch k := r.unit(); {
	case k < 0.2: // a few days without a shave
		b.cheeks, b.moustache = r.in(0.15, 0.4), r.in(0.15, 0.4)
	case k < 0.36: // full
		b.cheeks, b.moustache, b.long = r.in(0.75, 1), r.in(0.7, 1), r.in(1, 9)
	case k < 0.46:
		b.goatee, b.moustache = r.in(0.6, 1), r.in(0, 1)
	case k < 0.56:
		b.moustache = r.in(0.6, 1)
	}
	return b
}

func (c *canvas) beard(p *person, s *scene, w view) {
	b := &p.beard
	grain := func(alpha float32) func(u, v float32) (rgb, float32) {
		return func(u, v float32) (rgb, float32) {
			n := noise(b.key, int32(u*2.2+300), int32(v*1.6+300))
			return b.colour.times(0.8 + 0.5*n), alpha * (1 - 0.35*n)
		}
	}
	hairy := ink(b.colour)
	half, mv := p.mouth.corner(&s.expression)
	mv += w.nod
	lipTop, lipEnd := mv-p.mouth.upper-2.5, mv+p.mouth.lower+s.expression.open*6+1
	// In the outline's frame; u counts from the middle of the turned mouth.
	mu := w.turned * 0.9
	lips := func(u, v float32) float32 {
		return ellipse(u-mu, v-(lipTop+lipEnd)/2, half+1, (lipEnd-lipTop)/2)
	}
	if b.cheeks > 0 {
		shape := func(u, v float32) float32 {
			k := abs(u-w.turned*0.6) / w.head.a
			top := mv - 6 - (12+10*b.line)*smooth(0.25, 0.95, k)
			return max(w.outside(u, min(v, w.chin-1))-b.long*smooth(30, w.chin, v), v-w.chin-b.long, top-v, -lips(u, v))
		}
		bounds := w.bounds(b.long + 1)
		bounds.v0 = 5
		c.texture(w.frame, bounds, hairy.part(1), shape, grain(b.cheeks))
	}
	if b.goatee > 0 {
		shape := func(u, v float32) float32 {
			return max(ellipse(u-mu, v-mv-8, b.goateeTo, w.chin-mv-4+b.long), mv+1-v, -lips(u, v))
		}
		c.texture(w.frame, box{mu - 20, mv - 4, mu + 20, w.chin + 12}, hairy, shape, grain(b.goatee))
	}
	if b.moustache > 0 {
		f := s.pose.tangent(&p.head, 0, p.mouth.down-p.mouth.upper-b.thick*0.6, 1)
		c.texture(f, around(half+3, 9), hairy, func(u, v float32) float32 {
			k := u / (half + 2)
			y := 3.2 * k * k
			return max(between(v, y-b.thick*(1-k*k), y+b.thick*0.8*(1-k*k)), abs(k)*half-half)
		}, grain(b.moustache))
	}
}
