package explain

import "image"

// drawLegend explains the marks that the two photos have, and no others.
func drawLegend(c canvas, r image.Rectangle, a, b Photo) {
	_, chosenA := a.chosen()
	_, chosenB := b.chosen()
	x, y := float64(r.Min.X), float64(r.Min.Y)+float64(r.Dy())/2
	entry := func(name string, symbol func(where box)) {
		symbol(box{point{x + 1, y - 8}, point{x + 21, y + 8}})
		x = c.text(point{x + 32, y + 5}, left, c.fonts.small, muted, name) + 36
	}
	if chosenA || chosenB {
		entry("face that was compared", func(where box) { chosenBox(c, where) })
		entry("its five points", func(where box) {
			for _, q := range [5]point{{5, 4}, {15, 4}, {10, 8}, {6, 12}, {14, 12}} {
				chosenPoint(c, point{where.min.x + q.x, where.min.y + q.y}, 1.6)
			}
		})
	}
	if hasOthers(a) || hasOthers(b) {
		entry("other face", func(where box) { otherBox(c, where) })
	}
	entry("outline of the crop", func(where box) { cropOutline(c, ring(where.corners())) })
}

// hasOthers says whether a photo shows a face that was not compared.
func hasOthers(p Photo) bool {
	_, chosen := p.chosen()
	return len(p.Faces) > 1 || len(p.Faces) == 1 && !chosen
}
