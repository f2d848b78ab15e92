package explain

import (
	"context"
	"image"
	"math"

	"golang.org/x/image/draw"

	"github.com/sphereface-go/sphereface/internal/face"
)

// view shows a part of a photo on a part of the canvas. A place in the photo is
// measured in pixels from its upper left corner, not from a pixel's centre.
type view struct {
	part   image.Rectangle // of the photo, which starts at (0, 0)
	shown  image.Rectangle // where on the canvas it is shown
	clip   image.Rectangle // where marks may be
	sx, sy float64         // pixels of the canvas for one of the photo
}

func newView(part, shown, clip image.Rectangle) view {
	return view{part, shown, clip, float64(shown.Dx()) / float64(part.Dx()), float64(shown.Dy()) / float64(part.Dy())}
}

// at returns where on the canvas a place in the photo is.
func (v view) at(x, y float64) point {
	return point{
		float64(v.shown.Min.X) + (x-float64(v.part.Min.X))*v.sx,
		float64(v.shown.Min.Y) + (y-float64(v.part.Min.Y))*v.sy,
	}
}

// fit shows a whole photo in the middle of a panel, as large as it can be.
func fit(img image.Image, panel image.Rectangle) view {
	size := img.Bounds().Size()
	s := min(float64(panel.Dx())/float64(size.X), float64(panel.Dy())/float64(size.Y))
	w := max(1, int(math.Round(float64(size.X)*s)))
	h := max(1, int(math.Round(float64(size.Y)*s)))
	corner := panel.Min.Add(image.Pt((panel.Dx()-w)/2, (panel.Dy()-h)/2))
	shown := image.Rectangle{corner, corner.Add(image.Pt(w, h))}
	return newView(image.Rectangle{Max: size}, shown, panel)
}

// paint draws the photo's part. A photo that shrinks is first brought to about
// twice the size that it will have, with the colours that the crop takes from it
// and in bounded memory.
func (v view) paint(c canvas, img image.Image) {
	w, h := float64(v.part.Dx()), float64(v.part.Dy())
	s := min(1, 2*max(v.sx, v.sy))
	s = max(s, 1/w, 1/h)
	reduced := image.NewRGBA(image.Rect(0, 0, int(w*s), int(h*s)))
	t := face.Transform{
		A:  s,
		TX: (0.5-float64(v.part.Min.X))*s - 0.5,
		TY: (0.5-float64(v.part.Min.Y))*s - 0.5,
	}
	pix, _ := face.Warp(context.Background(), img, t, reduced.Rect.Dx(), reduced.Rect.Dy()) // which is never done
	for i := range len(pix) / 3 {
		copy(reduced.Pix[4*i:], pix[3*i:3*i+3])
		reduced.Pix[4*i+3] = 0xff
	}
	draw.CatmullRom.Scale(c.RGBA, v.shown, reduced, reduced.Rect, draw.Src, nil)
}
