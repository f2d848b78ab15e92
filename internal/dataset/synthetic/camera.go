package synthetic

// camera is what happens between the light and the file.
type camera struct {
	exposure   float32
	contrast   float32
	lift       float32 // haze
	saturation float32
	blur       float32 // 0…1: weight of the neighbours
	passes     int
	noise      float32 // standard deviation in 8-bit steps, about
	key        uint64
}

func newCamera(r random) camera {
	c := camera{
		exposure:   r.in(0.55, 1.5),
		contrast:   r.in(0.75, 1.25),
		lift:       r.normal(0.06),
		saturation: r.in(0.35, 1.3),
		noise:      r.in(1, 9),
		key:        r.source.Uint64(),
	}
	if r.chance(0.4) {
		c.passes, c.blur = 1+r.below(2), r.in(0.1, 0.5)
	}
	return c
}

// expose lights the canvas and writes the picture: 8-bit RGB, row by row.
func (c *canvas) expose(p *person, s *scene, pix []uint8) {
	c.shade(&s.light, s.pose.outline(&p.head), p.gloss)
	k := &s.camera
	for range k.passes {
		c.soften(k.blur)
	}
	for i, v := range c.colour {
		grey := 0.3*v.r + 0.59*v.g + 0.11*v.b
		v = rgb{grey, grey, grey}.mix(v, k.saturation).times(k.exposure)
		grain := mix(k.key + uint64(i))
		for j, l := range [3]float32{v.r, v.g, v.b} {
			e := (develop(l)-0.5)*k.contrast + 0.5 + k.lift
			// The sum of two uniform values: a triangle, near enough to a bell.
			n := float32(grain&1023+grain>>10&1023)/1023 - 1
			grain >>= 20
			pix[3*i+j] = clamp(255*e + 2.4*k.noise*n + 0.5)
		}
	}
}

// soften blends every pixel with its eight neighbours.
func (c *canvas) soften(t float32) {
	for y := range height {
		row := c.colour[y*width:][:width]
		out := c.past[y*width:][:width]
		for x := range row {
			l, r := row[max(x-1, 0)], row[min(x+1, width-1)]
			out[x] = row[x].mix(rgb{(l.r + r.r) / 2, (l.g + r.g) / 2, (l.b + r.b) / 2}, t)
		}
	}
	for y := range height {
		above, below := c.past[max(y-1, 0)*width:], c.past[min(y+1, height-1)*width:]
		for x := range width {
			a, b := above[x], below[x]
			c.colour[y*width+x] = c.past[y*width+x].mix(rgb{(a.r + b.r) / 2, (a.g + b.g) / 2, (a.b + b.b) / 2}, t)
		}
	}
}

func clamp(v float32) uint8 {
	switch {
	case v <= 0:
		return 0
	case v >= 255:
		return 255
	}
	return uint8(v)
}
