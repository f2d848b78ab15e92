package synthetic

// ellipse is the distance to an ellipse about the origin: exact on the edge, and
// right to first order near it.
func ellipse(u, v, ru, rv float32) float32 {
	a, b := u/ru, v/rv
	r := a*a + b*b
	if r < 1e-6 {
		return -min(ru, rv)
	}
	ga, gb := a/ru, b/rv
	return (r - 1) / (2 * root(ga*ga+gb*gb))
}

// squircle is an ellipse with corners: its fourth-power sibling.
func squircle(u, v, ru, rv float32) float32 {
	a, b := u/ru, v/rv
	return (root(root(a*a*a*a+b*b*b*b)) - 1) * min(ru, rv)
}

// bump is a round hill of height 1 with the given radii, flat at its foot.
func bump(u, v, ru, rv float32) float32 {
	a, b := u/ru, v/rv
	r := 1 - a*a - b*b
	if r <= 0 {
		return 0
	}
	return r * r
}

// between is the distance to the strip low < v < high, for slopes that are small.
func between(v, low, high float32) float32 {
	below, above := low-v, v-high
	if below > above {
		return below
	}
	return above
}

// smooth goes from 0 at a to 1 at b.
func smooth(a, b, x float32) float32 {
	t := (x - a) / (b - a)
	if t <= 0 {
		return 0
	}
	if t >= 1 {
		return 1
	}
	return t * t * (3 - 2*t)
}

// wave is a sine in turns instead of radians, from a parabola: quick, and the same
// on every machine.
func wave(turns float32) float32 {
	t := turns - float32(int32(turns))
	if t < 0 {
		t++
	}
	if t < 0.5 {
		return 16 * t * (0.5 - t)
	}
	t -= 0.5
	return -16 * t * (0.5 - t)
}

func sq(v float32) float32 { return v * v }
