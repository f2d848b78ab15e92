package explain

import (
	"fmt"
	"image"
	"math"
)

// Heights of the scale's parts, from the top of its box.
const (
	scoreText   = 88
	pointerTop  = 98
	barTop      = 112
	barBottom   = 136
	tickText    = 164
	zoneText    = 196
	thresholdTo = 214
	thresholdAt = 234
)

// axis is a scale of cosines, from -1 at x0 to 1 at x1.
type axis struct{ x0, x1 float64 }

// at returns where a value is; one beyond the ends, as rounding may leave it, is at
// the end.
func (a axis) at(v float64) float64 { return a.x0 + (max(-1, min(1, v))+1)/2*(a.x1-a.x0) }

// drawScale draws the similarity on a scale that the threshold divides in two.
func (r result) drawScale(c canvas, box image.Rectangle) {
	c.text(point{float64(box.Min.X), float64(box.Min.Y) + 16}, left, c.fonts.name, ink, "Similarity")
	a := axis{float64(box.Min.X), float64(box.Max.X)}
	top := float64(box.Min.Y)
	bar := func(from, to float64) shape { return rectangle(from, top+barTop, to, top+barBottom, 0) }
	c.fill(bar(a.x0, a.x1), backdrop)
	if !math.IsNaN(r.threshold) {
		c.fill(bar(a.x0, a.at(r.threshold)), paleRed)
		c.fill(bar(a.at(r.threshold), a.x1), paleGreen)
	}
	if r.decided() {
		s, t := a.at(r.similarity), a.at(r.threshold)
		c.fill(bar(min(s, t), max(s, t)), r.colour())
	}
	r.drawTicks(c, a, top)
	r.drawThreshold(c, a, top)
	r.drawScore(c, a, top)
}

func (r result) drawTicks(c canvas, a axis, top float64) {
	for _, v := range []float64{-1, -0.5, 0, 0.5, 1} {
		x := a.at(v)
		c.line([]point{{x, top + barBottom + 2}, {x, top + barBottom + 7}}, 1, muted)
		if math.Abs(x-a.at(r.threshold)) < 24 {
			continue // the threshold's line is there
		}
		text := fmt.Sprintf("%g", v)
		c.text(point{within(a, x, width(c.fonts.small, text)), top + tickText}, middle, c.fonts.small, muted, text)
	}
}

// drawThreshold marks the threshold and says what its sides mean.
func (r result) drawThreshold(c canvas, a axis, top float64) {
	if math.IsNaN(r.threshold) {
		return
	}
	x := a.at(r.threshold)
	c.line([]point{{x, top + barTop - 4}, {x, top + thresholdTo}}, 2, ink)
	text := fmt.Sprintf("threshold %.4f", r.threshold)
	c.text(point{within(a, x, width(c.fonts.strong, text)), top + thresholdAt}, middle, c.fonts.strong, ink, text)
	const space = 14
	if below := "← different people"; width(c.fonts.small, below) < x-space-a.x0 {
		c.text(point{x - space, top + zoneText}, right, c.fonts.small, muted, below)
	}
	if above := "same person →"; width(c.fonts.small, above) < a.x1-x-space {
		c.text(point{x + space, top + zoneText}, left, c.fonts.small, muted, above)
	}
}

// drawScore points at the similarity.
func (r result) drawScore(c canvas, a axis, top float64) {
	if math.IsNaN(r.similarity) {
		return
	}
	x := a.at(r.similarity)
	c.fill(shape{{{x - 9, top + pointerTop}, {x + 9, top + pointerTop}, {x, top + barTop}}}, r.colour())
	text := fmt.Sprintf("%.4f", r.similarity)
	c.text(point{within(a, x, width(c.fonts.number, text)), top + scoreText}, middle, c.fonts.number, r.colour(), text)
}

// within moves the middle of a text so that it stays over the scale.
func within(a axis, x, width float64) float64 {
	return max(a.x0+width/2, min(a.x1-width/2, x))
}
