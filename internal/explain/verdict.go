package explain

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

// result is what the comparison came to.
type result struct{ similarity, threshold float64 }

// same is the rule of `infer verify`; it holds for numbers only.
func (r result) same() bool { return r.similarity >= r.threshold }

// decided says whether there is a verdict.
func (r result) decided() bool { return !math.IsNaN(r.similarity) && !math.IsNaN(r.threshold) }

// words returns the verdict and the reason for it.
func (r result) words() (verdict, reason string) {
	switch {
	case math.IsNaN(r.similarity):
		return "No verdict", "The similarity is not a number."
	case math.IsNaN(r.threshold):
		return "No verdict", fmt.Sprintf("There is no threshold for the similarity of %.4f.", r.similarity)
	case r.same():
		return "Same person", fmt.Sprintf("The similarity of %.4f is at least the threshold of %.4f.", r.similarity, r.threshold)
	default:
		return "Different people", fmt.Sprintf("The similarity of %.4f is below the threshold of %.4f.", r.similarity, r.threshold)
	}
}

func (r result) colour() color.Color {
	switch {
	case !r.decided():
		return muted
	case r.same():
		return green
	default:
		return red
	}
}

// drawHeadline writes the verdict beside its sign: a tick on a disc, a cross on a
// square, or a question mark.
func (r result) drawHeadline(c canvas, box image.Rectangle) {
	verdict, reason := r.words()
	const radius = 30
	at := point{float64(box.Min.X) + radius, float64(box.Min.Y) + float64(box.Dy())/2}
	sign := func(x0, y0, x1, y1 float64) []point { return []point{{at.x + x0, at.y + y0}, {at.x + x1, at.y + y1}} }
	switch {
	case !r.decided():
		c.fill(disc(at, radius), r.colour())
		c.text(point{at.x, at.y + 14}, middle, c.fonts.headline, white, "?")
	case r.same():
		c.fill(disc(at, radius), r.colour())
		tick := append(sign(-13, 1, -4, 10), sign(-4, 10, 13, -9)...)
		c.line(tick, 6, white)
	default:
		c.fill(rectangle(at.x-radius+2, at.y-radius+2, at.x+radius-2, at.y+radius-2, 8), r.colour())
		c.line(sign(-11, -11, 11, 11), 6, white)
		c.line(sign(-11, 11, 11, -11), 6, white)
	}
	x := at.x + radius + 22
	c.text(point{x, at.y + 4}, left, c.fonts.headline, ink, verdict)
	c.text(point{x, at.y + 33}, left, c.fonts.body, muted, reason)
}
