package explain

import (
	"image/color"
	"math"
	"strconv"
)

// markOthers draws the faces that were not compared.
func (v view) markOthers(c canvas, p Photo) {
	c = c.within(v.clip)
	for i, f := range p.Faces {
		if i != p.Chosen {
			box := v.outline(f)
			otherBox(c, box)
			v.number(c, box, i+1, ink)
		}
	}
}

// markCrop draws from where in the photo the crop was taken.
func (v view) markCrop(c canvas, p Photo) {
	outline := make([]point, len(p.Corners))
	for i, q := range p.Corners {
		outline[i] = v.at(q[0], q[1])
	}
	cropOutline(c.within(v.clip), ring(outline))
}

// markChosen draws the square of the face that was compared.
func (v view) markChosen(c canvas, p Photo) {
	f, ok := p.chosen()
	if !ok {
		return
	}
	box := v.outline(f)
	chosenBox(c.within(v.clip), box)
	v.numberChosen(c, p, box)
}

// markPoints draws the points of the face that was compared.
func (v view) markPoints(c canvas, p Photo) {
	f, ok := p.chosen()
	if !ok {
		return
	}
	for _, q := range f.Points {
		chosenPoint(c.within(v.clip), v.at(q[0]+0.5, q[1]+0.5), pointRadius(f.Side*v.sx))
	}
}

// numberChosen writes the number of the face that was compared at a box that shows
// it, if there are more faces.
func (v view) numberChosen(c canvas, p Photo, around box) {
	if len(p.Faces) > 1 {
		v.number(c.within(v.clip), around, p.Chosen+1, faceBlue)
	}
}

// pointRadius keeps the points of a small face apart.
func pointRadius(side float64) float64 { return max(1.3, min(4.5, side/32)) }

// Each line has a light one under it, so that it shows on dark photos too.

func cropOutline(c canvas, outline []point) {
	c.line(outline, 3.5, color.NRGBA{0, 0, 0, 0x70})
	c.dashed(outline, 2, 5, white)
}

func chosenBox(c canvas, b box) {
	c.fill(b.frame(c.clip, 5), white)
	c.fill(b.frame(c.clip, 3), faceBlue)
}

func chosenPoint(c canvas, at point, radius float64) {
	c.fill(disc(at, radius+1.2), white)
	c.fill(disc(at, radius), faceBlue)
}

func otherBox(c canvas, b box) {
	c.fill(b.frame(c.clip, 3), color.NRGBA{0xff, 0xff, 0xff, 0xb0})
	c.fill(b.frame(c.clip, 1), ink)
}

// number writes a face's number on a tag at its box's upper left corner, above
// the box if there is room.
func (v view) number(c canvas, around box, number int, colour color.Color) {
	if !finite(around.min) {
		return
	}
	const height = 18
	text := strconv.Itoa(number)
	w := max(height, math.Ceil(width(c.fonts.strong, text))+8)
	x := max(float64(v.clip.Min.X), min(float64(v.clip.Max.X)-w, around.min.x-1.5))
	y := max(float64(v.clip.Min.Y), min(float64(v.clip.Max.Y)-height, around.min.y-height-1))
	x, y = math.Round(x), math.Round(y)
	c.fill(rectangle(x-1, y-1, x+w+1, y+height+1, 4), white)
	c.fill(rectangle(x, y, x+w, y+height, 3), colour)
	c.text(point{x + w/2, y + height - 4}, middle, c.fonts.strong, white, text)
}
