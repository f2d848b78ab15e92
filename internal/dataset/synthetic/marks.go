package synthetic

// marks are small things on the skin that stay where they are.
type marks struct {
	spots []spot
	lines int // on the forehead
	deep  float32
}

type spot struct {
	u, v, radius float32
	colour       rgb
	alpha        float32
}

func newMarks(r random, tone float32, p *person) marks {
	var m marks
	brown := p.skin.filter(rgb{0.42, 0.3, 0.24})
	if r.chance(0.28 * (1.3 - tone)) { // freckles
		n, alpha := 20+r.below(40), r.in(0.3, 0.8)
		for range n {
			m.spots = append(m.spots, spot{r.normal(11), 14 + r.normal(5), r.in(0.4, 0.9), brown, alpha})
		}
	}
	if r.chance(0.4) { // moles
		for range 1 + r.below(3) {
			m.spots = append(m.spots, spot{r.in(-25, 25), r.in(-20, 50), r.in(0.9, 1.9), p.skin.times(0.14), 0.9})
		}
	}
	if r.chance(0.06) { // a birthmark
		m.spots = append(m.spots, spot{r.in(-22, 22), r.in(-18, 30), r.in(4, 8), p.skin.filter(rgb{0.75, 0.4, 0.42}), 0.7})
	}
	if r.chance(0.35) {
		m.lines, m.deep = 1+r.below(3), r.in(0.2, 0.6)
	}
	return m
}

func (c *canvas) marks(p *person, s *scene) {
	for _, k := range p.marks.spots {
		f := s.pose.tangent(&p.head, k.u, k.v, 0)
		c.paint(f, around(k.radius, k.radius), ink(k.colour).thin(k.alpha).blurred(1.3), func(u, v float32) float32 {
			return ellipse(u, v, k.radius, k.radius)
		})
	}
	for i := range p.marks.lines {
		at := -p.brows.above - 6 - 4*float32(i) - s.expression.brow
		f := s.pose.tangent(&p.head, 0, at, 0)
		c.paint(f, around(15, 3), ink(p.skin.times(0.4)).thin(p.marks.deep).blurred(1.6), func(u, v float32) float32 {
			y := 1.2*sq(u/14) - 0.6
			return max(between(v, y-0.4, y+0.4), abs(u)-13)
		})
	}
}
