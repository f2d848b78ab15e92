package synthetic

// light is one lamp with its direction and colour, and light from everywhere.
type light struct {
	toward       vec // unit vector to the lamp
	lamp, sky    rgb
	ground       float32 // share of the sky's light that comes from below
	shadow       bool
	su, sv, so   float32 // shadow's edge: su·x + sv·y = so, soft over width
	softness     float32
	shadowDepth  float32
	backdrop     float32 // brightness of the backdrop
	whiteBalance rgb
}

func newLight(r random) light {
	az, el := r.normal(40)*degree, r.in(-25, 65)*degree
	sa, ca := sincos(az)
	se, ce := sincos(el)
	key := r.in(0.35, 1.25)
	l := light{
		toward:       vec{sa * ce, -se, ca * ce},
		lamp:         temperature(r).times(key),
		sky:          temperature(r).times(r.in(0.12, 0.75)),
		ground:       r.in(0.2, 1),
		shadow:       r.chance(0.28),
		softness:     r.in(1.5, 16),
		shadowDepth:  r.in(0.25, 0.75),
		backdrop:     r.in(0.5, 1.3),
		whiteBalance: temperature(r),
	}
	l.su, l.sv = sincos(r.in(-3.14, 3.14))
	l.so = l.su*48 + l.sv*60 + r.normal(18)
	return l
}

// temperature is the tint of a lamp, warm to cold with a little green or pink, of
// the brightness of white.
func temperature(r random) rgb {
	warm, green := r.normal(0.2), r.normal(0.07)
	return rgb{1 + warm, 1 + green, 1 - warm}
}

// shade turns the colour of the surfaces into the light that comes from them.
func (c *canvas) shade(l *light, w view, gloss float32) {
	// The head as a ball around its middle gives the broad run of the light.
	cx, cy := w.x+middle*w.vx, w.y+middle*w.vy
	size := root(w.vx*w.vx + w.vy*w.vy)
	ru, rv := (w.head.a*w.wide+7)*size, (tall+4)*size
	half := vec{l.toward.u, l.toward.v, l.toward.z + 1} // between lamp and viewer
	half = half.unit()
	for y := range height {
		for x := range width {
			i := y*width + x
			flat := 1 - c.solid[i]
			n := vec{(float32(x) - cx) / ru, (float32(y) - cy) / rv, 0}
			n.z = root(max(1-n.u*n.u-n.v*n.v, 0.1))
			n.u, n.v = n.u*c.solid[i], n.v*c.solid[i]
			if x > 0 && x < width-1 && y > 0 && y < height-1 {
				n.u -= (c.relief[i+1] - c.relief[i-1]) * 0.4
				n.v -= (c.relief[i+width] - c.relief[i-width]) * 0.4
			}
			n = n.unit()
			lit := max(n.u*l.toward.u+n.v*l.toward.v+n.z*l.toward.z, 0)
			if l.shadow {
				d := l.su*float32(x) + l.sv*float32(y) - l.so
				lit *= 1 - l.shadowDepth*smooth(-l.softness, l.softness, d)
			}
			up := 0.5 - 0.5*n.v
			sky := l.sky.times(l.ground + (1-l.ground)*up)
			e := rgb{sky.r + l.lamp.r*lit, sky.g + l.lamp.g*lit, sky.b + l.lamp.b*lit}
			out := c.colour[i].filter(e).filter(l.whiteBalance).times(1 + (l.backdrop-1)*flat)
			if h := n.u*half.u + n.v*half.v + n.z*half.z; h > 0 && lit > 0 {
				h *= h
				h *= h
				h *= h
				shine := gloss * h * h * c.solid[i]
				out.r += l.lamp.r * shine
				out.g += l.lamp.g * shine
				out.b += l.lamp.b * shine
			}
			c.colour[i] = out
		}
	}
}

func (v vec) unit() vec {
	k := 1 / root(v.u*v.u+v.v*v.v+v.z*v.z)
	return vec{v.u * k, v.v * k, v.z * k}
}
