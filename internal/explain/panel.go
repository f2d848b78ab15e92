package explain

import (
	"image"
	"image/draw"
)

// panel is the part of the page that one photo has.
type panel struct{ name, photo, caption image.Rectangle }

// size returns the photo's width and height in pixels; both are zero or none is.
func (p Photo) size() image.Point {
	if p.Image == nil || p.Image.Bounds().Empty() {
		return image.Point{}
	}
	return p.Image.Bounds().Size()
}

func (l panel) draw(c canvas, p Photo, letter string) {
	drawName(c, l.name, p, letter)
	draw.Draw(c.RGBA, l.photo, image.NewUniform(backdrop), image.Point{}, draw.Src)
	if p.size() != (image.Point{}) {
		drawPhoto(c, l.photo, p)
	}
	drawCaption(c, l.caption, p)
}

// drawPhoto shows the whole photo with its marks, and a small face a second time.
func drawPhoto(c canvas, r image.Rectangle, p Photo) {
	v := fit(p.Image, r)
	v.paint(c, p.Image)
	v.markOthers(c, p)
	detail, small := v.closeUp(p, r)
	if !small {
		v.markCrop(c, p)
	}
	v.markChosen(c, p)
	if !small {
		v.markPoints(c, p)
		return
	}
	detail.paint(c, p.Image)
	detail.markCrop(c, p)
	detail.markPoints(c, p)
	chosenBox(c, boxOf(detail.shown))
	detail.numberChosen(c, p, boxOf(detail.shown))
}

// drawName writes a photo's letter, which its crop has too, and its name.
func drawName(c canvas, r image.Rectangle, p Photo, letter string) {
	x := drawLetter(c, r.Min, letter)
	c.text(point{x + 10, float64(r.Min.Y) + 17}, left, c.fonts.name, ink, elide(c.fonts.name, p.Name, float64(r.Max.X)-x-10))
}

// drawLetter writes a letter on a dark square and returns the square's right edge.
func drawLetter(c canvas, at image.Point, letter string) float64 {
	const side = 24
	x, y := float64(at.X), float64(at.Y)-1
	c.fill(rectangle(x, y, x+side, y+side, 4), ink)
	c.text(point{x + side/2, y + 17.5}, middle, c.fonts.strong, white, letter)
	return x + side
}
