package explain

import (
	"image"
	"slices"

	"github.com/sphereface-go/sphereface/internal/face"
)

// A face that is smaller than this on the page is shown again, enlarged.
const (
	smallFace    = 80
	closeUpArea  = 1.9 // its side, in sides of the face
	closeUpInset = 12  // from the panel's edge
)

// closeUp returns a view of the face that was compared, in a corner of the panel
// that hides no face, if the face is small and there is such a corner.
func (v view) closeUp(p Photo, panel image.Rectangle) (view, bool) {
	f, ok := p.chosen()
	if !ok || !(f.Side*v.sx < smallFace) || !(f.Side*v.sx*closeUpArea > 1) {
		return view{}, false
	}
	f.Side *= closeUpArea
	// In the photo's own pixels.
	part := newView(v.part, v.part, v.part).outline(f).rectangle(v.part)
	if part.Dx() < 2 || part.Dy() < 2 {
		return view{}, false
	}
	room := panel.Inset(closeUpInset)
	for _, side := range []float64{168, 136, 104} {
		zoom := side / float64(max(part.Dx(), part.Dy()))
		size := image.Pt(max(1, int(float64(part.Dx())*zoom)), max(1, int(float64(part.Dy())*zoom)))
		for _, corner := range []image.Point{
			{room.Max.X - size.X, room.Max.Y - size.Y},
			{room.Min.X, room.Max.Y - size.Y},
			{room.Max.X - size.X, room.Min.Y},
			room.Min,
		} {
			shown := image.Rectangle{corner, corner.Add(size)}
			if !slices.ContainsFunc(p.Faces, func(f face.Face) bool { return v.outline(f).rectangle(panel).Overlaps(shown.Inset(-4)) }) {
				return newView(part, shown, shown), true
			}
		}
	}
	return view{}, false
}
