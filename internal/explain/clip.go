package explain

import (
	"image"
	"math"
)

func finite(p point) bool { return !math.IsNaN(p.x-p.x) && !math.IsNaN(p.y-p.y) }

// cut returns the part of a segment that lies in a rectangle, by the method of
// Liang and Barsky, and whether there is one.
func cut(p, q point, r image.Rectangle) (point, point, bool) {
	if !finite(p) || !finite(q) {
		return p, q, false
	}
	dx, dy := q.x-p.x, q.y-p.y
	from, to := 0.0, 1.0
	for _, edge := range [4]struct{ step, room float64 }{
		{-dx, p.x - float64(r.Min.X)},
		{dx, float64(r.Max.X) - p.x},
		{-dy, p.y - float64(r.Min.Y)},
		{dy, float64(r.Max.Y) - p.y},
	} {
		switch t := edge.room / edge.step; {
		case edge.step == 0 && edge.room < 0:
			return p, q, false
		case edge.step < 0:
			from = max(from, t)
		case edge.step > 0:
			to = min(to, t)
		}
	}
	if !(from <= to) {
		return p, q, false
	}
	a, b := point{p.x + from*dx, p.y + from*dy}, point{p.x + to*dx, p.y + to*dy}
	return a, b, finite(a) && finite(b) // dx may have overflown
}
