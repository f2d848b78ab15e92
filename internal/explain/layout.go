package explain

import (
	"image"

	"github.com/sphereface-go/sphereface/internal/face"
)

// The page in pixels.
const (
	pageWidth = 1200
	margin    = 48
	gap       = 32 // between the two halves
	half      = (pageWidth - 2*margin - gap) / 2

	headlineHeight = 72
	nameHeight     = 36 // above a photo
	captionHeight  = 38 // below it
	noteHeight     = 44 // below that, where a face is poor
	legendHeight   = 24
	section        = 36 // between parts that lie under each other

	photoLeast = 300 // height of the panels
	photoMost  = 460

	cropScale  = 2
	cropWidth  = cropScale * face.CropWidth
	cropHeight = cropScale * face.CropHeight
	cropLetter = 32 // left of a crop, as left of a photo's name
	cropGap    = 20
	titleRow   = 34 // the line above crops and scale
)

// layout says where on the page the parts are.
type layout struct {
	headline, legend, crops, scale image.Rectangle
	left, right                    panel
	height                         int
}

// plan lays out the page: only the height of the photos depends on them, and
// whether there is room for notes.
func plan(a, b Photo) layout {
	const x0, x1 = margin, pageWidth - margin
	var l layout
	y := margin
	row := func(height int) image.Rectangle {
		r := image.Rect(x0, y, x1, y+height)
		y += height
		return r
	}
	l.headline = row(headlineHeight)
	y += section

	names := row(nameHeight)
	photos := row(min(photoMost, max(photoLeast, fittedHeight(a), fittedHeight(b))))
	captions := row(captionHeight)
	if a.poor() || b.poor() {
		captions.Max.Y = row(noteHeight).Max.Y
	}
	left := func(r image.Rectangle) image.Rectangle { r.Max.X = r.Min.X + half; return r }
	right := func(r image.Rectangle) image.Rectangle { r.Min.X = r.Max.X - half; return r }
	l.left = panel{left(names), left(photos), left(captions)}
	l.right = panel{right(names), right(photos), right(captions)}

	y += 12
	l.legend = row(legendHeight)
	y += section
	bottom := row(titleRow + cropHeight)
	l.crops, l.scale = bottom, bottom
	l.crops.Max.X = l.crops.Min.X + 2*(cropLetter+cropWidth) + cropGap
	l.scale.Min.X = l.crops.Max.X + 60
	l.height = y + margin
	return l
}

// fittedHeight is the height of a photo that is as wide as its panel.
func fittedHeight(p Photo) int {
	size := p.size()
	if size.X == 0 {
		return 0
	}
	return int(min(photoMost, float64(size.Y)/float64(size.X)*half))
}
