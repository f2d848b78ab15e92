package synthetic

import "math"

// rgb is a colour in linear light, 1 being white.
type rgb struct{ r, g, b float32 }

func (c rgb) times(s float32) rgb { return rgb{c.r * s, c.g * s, c.b * s} }

func (c rgb) filter(d rgb) rgb { return rgb{c.r * d.r, c.g * d.g, c.b * d.b} }

func (c rgb) mix(d rgb, t float32) rgb {
	return rgb{c.r + (d.r-c.r)*t, c.g + (d.g-c.g)*t, c.b + (d.b-c.b)*t}
}

// srgb takes the usual 8-bit values of a colour to linear light.
func srgb(r, g, b float64) rgb { return rgb{linear(r / 255), linear(g / 255), linear(b / 255)} }

// linear is the transfer function of sRGB (IEC 61966-2-1).
func linear(v float64) float32 {
	if v <= 0.04045 {
		return float32(v / 12.92)
	}
	return float32(math.Pow((v+0.055)/1.055, 2.4))
}

// The tones run from light to dark; a person's lies somewhere on the line through
// them.
var skinTones = []rgb{
	srgb(247, 222, 204), srgb(236, 195, 166), srgb(214, 164, 126),
	srgb(184, 130, 92), srgb(140, 92, 62), srgb(96, 62, 44), srgb(64, 42, 32),
}

var hairColours = []rgb{
	srgb(22, 18, 18), srgb(44, 30, 24), srgb(78, 50, 32), srgb(118, 78, 46),
	srgb(168, 122, 70), srgb(216, 180, 122), srgb(146, 62, 28), srgb(184, 92, 44),
	srgb(128, 126, 126), srgb(206, 204, 200),
}

var irisColours = []rgb{
	srgb(48, 28, 16), srgb(84, 52, 26), srgb(128, 92, 48), srgb(92, 112, 62),
	srgb(70, 116, 156), srgb(128, 168, 196), srgb(118, 128, 132),
}

var frameColours = []rgb{
	srgb(18, 18, 20), srgb(74, 40, 22), srgb(150, 24, 32), srgb(150, 150, 156),
	srgb(182, 142, 66), srgb(26, 52, 120), srgb(222, 220, 214),
}

// along is the colour at t in 0…1 on the line through the colours.
func along(colours []rgb, t float32) rgb {
	f := t * float32(len(colours)-1)
	i := min(int(f), len(colours)-2)
	return colours[i].mix(colours[i+1], f-float32(i))
}

// anyColour is a colour of any hue, dull to bright.
func anyColour(r random) rgb {
	v := r.in(0.05, 0.95)
	s := r.unit()
	c := [3]float32{v * v, v * v * (1 - s), v * v * (1 - s*r.unit())}
	k := r.below(3)
	c[0], c[k] = c[k], c[0]
	if r.chance(0.5) {
		c[1], c[2] = c[2], c[1]
	}
	return rgb{c[0], c[1], c[2]}
}
