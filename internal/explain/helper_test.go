package explain

import (
	"context"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// faceAt returns a sharp face with a centre and a side, and points that lie in it.
func faceAt(x, y, side float64) face.Face {
	f := face.Face{X: x, Y: y, Side: side, Score: 200, Sharpness: 1}
	for i, p := range [5][2]float64{{-0.2, -0.1}, {0.2, -0.1}, {0, 0.1}, {-0.15, 0.3}, {0.15, 0.3}} {
		f.Points[i] = [2]float64{x + p[0]*side, y + p[1]*side}
	}
	return f
}

// plain returns a photo of one colour.
func plain(w, h int, colour color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetRGBA(x, y, colour)
		}
	}
	return img
}

// waves returns a photo with smooth colours.
func waves(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			u, v := float64(x)/float64(w), float64(y)/float64(h)
			img.SetRGBA(x, y, color.RGBA{uint8(90 + 80*math.Sin(9*u)), uint8(120 + 60*math.Cos(7*v)), uint8(150 - 70*u*v), 0xff})
		}
	}
	return img
}

// photo returns one whose first face is compared.
func photo(img image.Image, faces ...face.Face) Photo {
	p := Photo{Name: "photo.jpg", Image: img, Faces: faces, Chosen: len(faces) - 1, Crop: face.NewCrop()}
	p.Chosen = min(p.Chosen, 0)
	if f, ok := p.chosen(); ok {
		t := f.Transform()
		p.Corners = t.Quad(face.CropWidth, face.CropHeight)
		p.Crop, _ = face.Cut(context.Background(), img, t) // which is never done
	}
	return p
}

// drawn returns the picture, of which tests read the pixels.
func drawn(t *testing.T, a, b Photo, similarity, threshold float64) *image.RGBA {
	t.Helper()
	img, ok := Draw(a, b, similarity, threshold).(*image.RGBA)
	if !ok || img.Rect != image.Rect(0, 0, pageWidth, plan(a, b).height) {
		t.Fatalf("the picture is a %T of %v", img, img.Bounds())
	}
	return img
}

// count returns how many pixels of an area have exactly the colour.
func count(img *image.RGBA, area image.Rectangle, colour color.RGBA) int {
	n := 0
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			if img.RGBAAt(x, y) == colour {
				n++
			}
		}
	}
	return n
}
