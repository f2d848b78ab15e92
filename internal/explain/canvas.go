package explain

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// canvas is a picture in the making. What is drawn outside its clip is lost.
type canvas struct {
	*image.RGBA
	fonts fonts
	clip  image.Rectangle
}

func newCanvas(w, h int) canvas {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(white), image.Point{}, draw.Src)
	return canvas{img, newFonts(), img.Rect}
}

// within returns the canvas with a smaller clip.
func (c canvas) within(r image.Rectangle) canvas {
	c.clip = c.clip.Intersect(r)
	return c
}

// fill paints a shape with smooth edges. One that is not finite is not painted.
func (c canvas) fill(s shape, colour color.Color) {
	minX, minY := math.Inf(1), math.Inf(1)
	maxX, maxY := math.Inf(-1), math.Inf(-1)
	for _, contour := range s {
		for _, p := range contour {
			if !finite(p) {
				return
			}
			minX, minY = min(minX, p.x), min(minY, p.y)
			maxX, maxY = max(maxX, p.x), max(maxY, p.y)
		}
	}
	// In floats: an int cannot hold every float.
	clip := c.clip
	minX, minY = max(minX, float64(clip.Min.X)), max(minY, float64(clip.Min.Y))
	maxX, maxY = min(maxX, float64(clip.Max.X)), min(maxY, float64(clip.Max.Y))
	if minX >= maxX || minY >= maxY {
		return
	}
	box := image.Rect(int(minX), int(minY), int(math.Ceil(maxX)), int(math.Ceil(maxY)))
	z := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, contour := range s {
		for i, p := range contour {
			x, y := float32(p.x-float64(box.Min.X)), float32(p.y-float64(box.Min.Y))
			if i == 0 {
				z.MoveTo(x, y)
			} else {
				z.LineTo(x, y)
			}
		}
		z.ClosePath()
	}
	z.Draw(c.RGBA, box, image.NewUniform(colour), image.Point{})
}

// line strokes a line, of which only what is near the clip is made a shape: a
// point may be as far away as a float goes.
func (c canvas) line(points []point, width float64, colour color.Color) {
	c.stroke(points, width, colour, func(p, q point) [][2]point { return [][2]point{{p, q}} })
}

// dashed strokes a line with gaps; see dashes.
func (c canvas) dashed(points []point, width, length float64, colour color.Color) {
	c.stroke(points, width, colour, func(p, q point) [][2]point { return dashes(p, q, length) })
}

// stroke strokes the pieces of each segment's part that shows.
func (c canvas) stroke(points []point, width float64, colour color.Color, pieces func(p, q point) [][2]point) {
	var s shape
	for i := 1; i < len(points); i++ {
		if p, q, ok := cut(points[i-1], points[i], c.clip.Inset(-int(width)-1)); ok {
			for _, piece := range pieces(p, q) {
				s = append(s, capsule(piece[0], piece[1], width))
			}
		}
	}
	c.fill(s, colour)
}

// anchor says which part of a text is at the given place.
type anchor float64

const (
	left   anchor = 0
	middle anchor = 0.5
	right  anchor = 1
)

// text writes on a baseline and returns the place after the text.
func (c canvas) text(at point, a anchor, f font.Face, colour color.Color, text string) float64 {
	at.x -= float64(a) * width(f, text)
	d := font.Drawer{
		Dst:  c.SubImage(c.clip).(draw.Image),
		Src:  image.NewUniform(colour),
		Face: f,
		Dot:  fixed.Point26_6{X: toFixed(at.x), Y: toFixed(math.Round(at.y))},
	}
	d.DrawString(text)
	return fromFixed(d.Dot.X)
}
