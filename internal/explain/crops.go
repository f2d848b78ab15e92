package explain

import (
	"image"

	"golang.org/x/image/draw"
)

// drawCrops shows beside each other what the network compared.
func drawCrops(c canvas, r image.Rectangle, a, b Photo) {
	c.text(point{float64(r.Min.X), float64(r.Min.Y) + 16}, left, c.fonts.name, ink, "What the network compared")
	at := image.Pt(r.Min.X, r.Min.Y+titleRow)
	for _, side := range []struct {
		photo  Photo
		letter string
	}{{a, "A"}, {b, "B"}} {
		crop := side.photo.Crop.Image()
		drawLetter(c, at.Add(image.Pt(0, 1)), side.letter)
		at.X += cropLetter
		shown := image.Rectangle{at, at.Add(image.Pt(cropWidth, cropHeight))}
		draw.CatmullRom.Scale(c.RGBA, shown, crop, crop.Rect, draw.Src, nil)
		at.X += cropWidth + cropGap
	}
}
