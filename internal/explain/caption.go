package explain

import (
	"fmt"
	"image"
)

// drawCaption writes under a photo what was found in it, and whether that is good
// enough.
func drawCaption(c canvas, r image.Rectangle, p Photo) {
	y := float64(r.Min.Y) + 26
	c.text(point{float64(r.Min.X), y}, left, c.fonts.small, ink, found(p))
	size := p.size()
	c.text(point{float64(r.Max.X), y}, right, c.fonts.small, muted, fmt.Sprintf("%d × %d pixels", size.X, size.Y))
	if p.poor() {
		drawNote(c, image.Rect(r.Min.X, r.Min.Y+captionHeight, r.Max.X, r.Max.Y))
	}
}

// found says in words which face was compared.
func found(p Photo) string {
	f, ok := p.chosen()
	switch {
	case ok && len(p.Faces) == 1:
		return fmt.Sprintf("1 face found · quality %.2f", f.Quality())
	case ok:
		return fmt.Sprintf("face %d of %d compared · quality %.2f", p.Chosen+1, len(p.Faces), f.Quality())
	case p.Aligned:
		return "an aligned crop already"
	default:
		return "no face looked for: crop at a fixed place"
	}
}

// drawNote warns of a poor face.
func drawNote(c canvas, r image.Rectangle) {
	const height = 34
	x, y := float64(r.Min.X), float64(r.Min.Y)
	c.fill(rectangle(x, y, float64(r.Max.X), y+height, 6), paleAmber)
	drawWarning(c, point{x + 22, y + height/2})
	c.text(point{x + 42, y + 22.5}, left, c.fonts.small, ink, "Poor quality: the face is small, blurred or doubtful. Trust the verdict less.")
}

// drawWarning draws a triangle with an exclamation mark.
func drawWarning(c canvas, at point) {
	triangle := []point{{at.x, at.y - 7}, {at.x + 8, at.y + 6}, {at.x - 8, at.y + 6}}
	c.line(ring(triangle), 4, amber)
	c.fill(shape{triangle}, amber)
	c.line([]point{{at.x, at.y - 3.5}, {at.x, at.y + 1}}, 2, ink)
	c.fill(disc(point{at.x, at.y + 4.5}, 1.2), ink)
}
