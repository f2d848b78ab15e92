package synthetic

// background is what is behind and below the head: a blend of two colours with
// things on it.
type background struct {
	from, to rgb
	angle    float32
	clothes  rgb
	collar   float32
	stripes  float32 // per pixel, 0: none
	stripe   rgb
	things   []thing
}

type thing struct {
	frame  frame
	ru, rv float32
	round  bool
	brush  brush
}

func newBackground(r random) background {
	b := background{
		from:    anyColour(r),
		to:      anyColour(r),
		angle:   r.in(-3.14, 3.14),
		clothes: anyColour(r),
		collar:  r.normal(4),
		stripe:  anyColour(r),
	}
	if r.chance(0.25) {
		b.stripes = r.in(0.02, 0.09)
	}
	for range r.below(7) {
		b.things = append(b.things, newThing(r, 4, 26))
	}
	return b
}

// newThing is a spot or a slab somewhere in the picture.
func newThing(r random, small, large float32) thing {
	s, c := sincos(r.in(-1.6, 1.6))
	t := thing{
		frame: frame{r.in(-8, width+8), r.in(-8, height+8), c, s, -s, c},
		ru:    r.in(small, large),
		rv:    r.in(small, large),
		round: r.chance(0.5),
		brush: ink(anyColour(r)).thin(r.in(0.4, 1)),
	}
	if r.chance(0.5) {
		t.brush = t.brush.blurred(r.in(1, 9))
	}
	return t
}

func (c *canvas) background(b *background) {
	sin, cos := sincos(b.angle)
	for y := range height {
		v := (float32(y) - height/2) / height
		for x := range width {
			u := (float32(x) - width/2) / width
			t := u*cos + v*sin + 0.5
			col := b.from.mix(b.to, smooth(0, 1, t))
			if b.stripes > 0 {
				k := wave((float32(x)*sin - float32(y)*cos) * b.stripes)
				col = col.mix(b.stripe, 0.7*smooth(-0.3, 0.3, k))
			}
			c.colour[y*width+x] = col
		}
	}
	for i := range b.things {
		c.thing(&b.things[i])
	}
}

func (c *canvas) thing(t *thing) {
	c.paint(t.frame, around(t.ru, t.rv), t.brush, func(u, v float32) float32 {
		if t.round {
			return ellipse(u, v, t.ru, t.rv)
		}
		return max(abs(u)-t.ru, abs(v)-t.rv)
	})
}

// obstacle is something in front of the face.
type obstacle struct {
	has bool
	thing
}

func newObstacle(r random) obstacle {
	o := obstacle{has: r.chance(0.14), thing: newThing(r, 6, 15)}
	o.brush = o.brush.part(0.3)
	// At the rim of the picture rather than in its middle.
	sin, cos := sincos(r.in(-3.14, 3.14))
	o.frame.x, o.frame.y = width/2+46*cos, height/2+54*sin
	return o
}

func (c *canvas) obstacle(o *obstacle) {
	if !o.has {
		return
	}
	c.thing(&o.thing)
}
