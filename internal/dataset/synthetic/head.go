package synthetic

import "math"

// head is the surface of the face, an ellipsoid, and its outline, which is not one.
type head struct {
	a          float32 // half width at the cheekbones
	top, chin  float32 // ends of the outline, v
	depth      float32 // from ear to the front of the face
	half       [outlineSteps + 1]float32
	neck       float32 // half width as a share of a
	crown, jaw float32 // exponents: see outlineHalf
	taper      float32
	cheek      float32
}

const (
	outlineSteps = 64
	middle       = 12 // v of the ellipsoid's centre
	tall         = 64 // its half height
)

func newHead(r random, man bool) head {
	h := head{
		a:     r.around(31, 42),
		top:   -r.around(44, 56),
		chin:  r.around(54, 70),
		depth: r.around(34, 46),
		neck:  r.in(0.5, 0.72),
		crown: r.in(2, 2.9),
		jaw:   r.in(1.7, 2.6),
		taper: r.in(0.5, 0.85),
		cheek: r.in(-1, 3),
	}
	if man {
		h.jaw += r.in(0.2, 1.4)
		h.taper -= 0.1
		h.neck += 0.12
	}
	for i := range h.half {
		h.half[i] = h.outlineHalf(2*float32(i)/outlineSteps - 1)
	}
	return h
}

// outlineHalf is the half width at t, -1 at the crown, 0 at the eyes, 1 at the chin.
func (h *head) outlineHalf(t float32) float32 {
	pow := func(x, y float32) float32 { return float32(math.Pow(float64(x), float64(y))) }
	if t < 0 {
		return h.a * pow(1-pow(-t, h.crown), 1/h.crown)
	}
	return h.a*pow(1-pow(t, h.jaw), h.taper) + h.cheek*bump(0, t-0.2, 1, 0.35)
}

// depthAt is z of the face at (u, v).
func (h *head) depthAt(u, v float32) float32 {
	return h.depth * root(max(1-sq(u/h.a)-sq((v-middle)/tall), 0.06))
}

// A view is the outline of the turned head.
type view struct {
	frame
	head      *head
	chin      float32 // v of the chin as seen
	lean      float32 // u by which the chin is shifted
	turned    float32 // u by which what lies on the front is shifted
	nod       float32 // v by which what lies on the front is shifted
	top, wide float32
}

// outline lays the frame of the head's outline through its centre. It keeps its
// place under a turn, gets as wide as the ellipsoid's shadow, and the chin, which
// stands out, moves.
func (s *pose) outline(h *head) view {
	wide := root(sq(s.cosYaw) + sq(h.depth/h.a*s.sinYaw))
	x, y := s.at(vec{})
	v := view{
		frame: frame{x, y, s.a * wide, s.b * wide, -s.b, s.a},
		head:  h,
		lean:  0.5 * h.depth * s.sinYaw / wide,
		top:   h.top,
		wide:  wide,
	}
	v.chin = h.chin*s.cosPitch + 0.5*h.depth*s.sinPitch
	v.turned = 0.85 * h.depth * s.sinYaw / wide
	v.nod = 0.85 * h.depth * s.sinPitch
	return v
}

// half is the half width of the outline at v and its change per unit of v.
func (w *view) half(v float32) (half, slope float32) {
	length := w.chin
	t := v / w.chin
	if v < 0 {
		length = -w.top
		t = v / length
	}
	f := (t + 1) / 2 * outlineSteps
	if f < 0 {
		f = 0
	} else if f > outlineSteps {
		f = outlineSteps
	}
	i := min(int(f), outlineSteps-1)
	low, high := w.head.half[i], w.head.half[i+1]
	return low + (high-low)*(f-float32(i)), (high - low) * outlineSteps / (2 * length)
}

// centre is u of the outline's middle at v.
func (w *view) centre(v float32) float32 {
	if v <= 0 {
		return 0
	}
	t := v / w.chin
	return w.lean * t * t
}

// outside is the distance to the outline.
func (w *view) outside(u, v float32) float32 {
	if past := max(v-w.chin, w.top-v); past > 1 {
		return past
	} else if past < -30 && abs(u) < 0.5*w.head.a {
		return -1 // no outline is that narrow
	}
	half, slope := w.half(v)
	d := (abs(u-w.centre(v)) - half) / root(1+slope*slope)
	return max(d, v-w.chin, w.top-v)
}

func (w *view) bounds(grow float32) box {
	side := w.head.a + abs(w.lean) + 3 + grow
	return box{-side, w.top - grow, side, w.chin + grow}
}

func (c *canvas) skin(p *person, w view) {
	b := w.bounds(1)
	c.paint(w.frame, b, ink(p.skin).part(1), w.outside)
	for _, side := range []float32{-1, 1} {
		f := w.frame
		u, v := w.turned+side*0.52*w.head.a, w.nod+24
		f.x, f.y = f.x+u*f.ux+v*f.vx, f.y+u*f.uy+v*f.vy
		c.paint(f, around(13, 11), ink(p.blush).thin(0.8).blurred(14), func(u, v float32) float32 {
			return ellipse(u, v, 7, 5)
		})
	}
}

// relieve gives the light something to show: sockets, cheekbones, lips, chin, and
// the ridge and wings of the nose.
func (c *canvas) relieve(p *person, s *scene) {
	h := &p.head
	hill := func(u, v, ru, rv, rise float32) {
		f := s.pose.tangent(h, u, v, 0)
		c.emboss(f, around(ru, rv), func(u, v float32) float32 { return rise * bump(u, v, ru, rv) })
	}
	for _, side := range []float32{-1, 1} {
		hill(side*p.eyes.apart, -1, 14, 11, -2*p.sockets)
		hill(side*p.eyes.apart*0.95, -p.brows.above, 15, 6, p.sockets)
		hill(side*(p.eyes.apart+4), 19+3*(1-s.expression.smile), 14, 12, p.cheeks+2*max(s.expression.smile, 0))
	}
	_, y := p.mouth.corner(&s.expression)
	hill(0, y-p.mouth.upper, p.mouth.half, 6, 1.6)
	hill(0, y+p.mouth.lower+2, p.mouth.half*0.9, 6, 1.8)
	hill(0, h.chin-8, 11, 9, p.chinUp)
	c.noseRelief(p, s)
}

// bust is the neck and the shoulders, as far as they are in the picture.
func (c *canvas) bust(p *person, s *scene, w view) {
	neck := p.head.neck * p.head.a
	from := w.chin - 24
	shape := func(u, v float32) float32 { return max(abs(u-w.lean*0.3)-neck-sq(max(v-w.chin, 0))/30, from-v) }
	b := box{-60, from, 60, w.chin + 60}
	c.paint(w.frame, b, ink(p.skin.times(0.62)).part(0.6), shape)
	collar := s.background.collar
	c.paint(w.frame, box{-140, w.chin, 140, w.chin + 90}, ink(s.background.clothes), func(u, v float32) float32 {
		return w.chin + 6 + collar - abs(u)*0.28 + 9*bump(u, 0, neck+4, 1) - v
	})
}
