package explain

import "math"

// point is a place on the canvas in pixels, with (0, 0) its upper left corner.
type point struct{ x, y float64 }

// contour is a closed polygon, and shape the union of several.
type (
	contour []point
	shape   []contour
)

// rectangle returns one with corners rounded by a radius, or sharp ones.
func rectangle(x0, y0, x1, y1, radius float64) shape {
	if radius <= 0 {
		return shape{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}}
	}
	const steps = 8 // in a quarter of a circle
	var c contour
	for i, at := range [4]point{{x1 - radius, y1 - radius}, {x0 + radius, y1 - radius}, {x0 + radius, y0 + radius}, {x1 - radius, y0 + radius}} {
		for k := range steps + 1 {
			sin, cos := math.Sincos((float64(i) + float64(k)/steps) * math.Pi / 2)
			c = append(c, point{at.x + radius*cos, at.y + radius*sin})
		}
	}
	return shape{c}
}

func disc(at point, radius float64) shape {
	const steps = 48
	c := make(contour, steps)
	for i := range c {
		sin, cos := math.Sincos(float64(i) * 2 * math.Pi / steps)
		c[i] = point{at.x + radius*cos, at.y + radius*sin}
	}
	return shape{c}
}

// capsule returns the line from p to q with round ends, as one contour: where
// contours overlap, their smooth edges add up and show.
func capsule(p, q point, width float64) contour {
	const steps = 12 // in half a circle
	angle := math.Atan2(q.y-p.y, q.x-p.x)
	var c contour
	for i, end := range [2]point{q, p} {
		for k := range steps + 1 {
			sin, cos := math.Sincos(angle + (float64(i)+float64(k)/steps-0.5)*math.Pi)
			c = append(c, point{end.x + width/2*cos, end.y + width/2*sin})
		}
	}
	return c
}

// frame returns the line around a rectangle, with sharp corners: the outer edge
// turns clockwise and the inner one against it, so that they cut a hole.
func frame(x0, y0, x1, y1, width float64) shape {
	w := width / 2
	s := rectangle(x0-w, y0-w, x1+w, y1+w, 0)
	if x1-x0 > width && y1-y0 > width {
		s = append(s, contour{{x0 + w, y0 + w}, {x0 + w, y1 - w}, {x1 - w, y1 - w}, {x1 - w, y0 + w}})
	}
	return s
}

// ring closes a line.
func ring(points []point) []point { return append(points[:len(points):len(points)], points[0]) }

// dashes cuts a segment into pieces as long as the gaps between them, of about the
// given length, with half a piece at either end, so that a polygon's corners show.
func dashes(p, q point, length float64) [][2]point {
	n := max(1, math.Round(math.Hypot(q.x-p.x, q.y-p.y)/(2*length)))
	at := func(t float64) point { return point{p.x + (q.x-p.x)*t, p.y + (q.y-p.y)*t} }
	var pieces [][2]point
	for k := range int(n) + 1 {
		t := float64(k) / n
		pieces = append(pieces, [2]point{at(max(0, t-0.25/n)), at(min(1, t+0.25/n))})
	}
	return pieces
}
