package sphereface

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"math"

	"github.com/sphereface-go/sphereface/internal/face"
)

// The size of a crop in pixels.
const (
	CropWidth  = face.CropWidth
	CropHeight = face.CropHeight
)

// Crop is an aligned face: what a model sees. The eyes, the nose and the mouth are
// where the model expects them, as nearly as the face allows.
type Crop struct {
	// Pix is 8-bit RGB, row-major, CropHeight × CropWidth × 3 bytes.
	Pix []uint8
	// Corners are those of the crop in the image that it was cut from, clockwise from
	// the crop's upper left one, each as x, y. They are measured from the upper left
	// corner of the image's area, half a pixel from its first pixel's centre.
	Corners [4][2]float64

	of string // the photo, for errors
}

// Image returns the crop as an opaque image of its own.
func (c Crop) Image() *image.RGBA { return face.Crop{Pix: c.Pix}.Image() }

// CutFace cuts the crop of a face out of an image. The face need not come from
// [Detect]: only its points count. The error says if they cannot be a face's, or if
// the image has more than 67 megapixels.
func CutFace(img image.Image, f Face) (Crop, error) {
	if err := checkSize(img); err != nil {
		return Crop{}, fmt.Errorf("sphereface: %w", err)
	}
	template := face.Template()
	t, err := face.Similarity(f.Points[:], template[:])
	if err != nil {
		return Crop{}, fmt.Errorf("sphereface: the points of a face: %w", err)
	}
	const most = 1e4 // as a scale, and in longer sides of the image
	size := img.Bounds().Size()
	for _, p := range f.Points {
		if scale := t.Scale(); scale > most || scale < 1/most || max(math.Abs(p[0]), math.Abs(p[1])) > most*float64(max(size.X, size.Y)) {
			return Crop{}, fmt.Errorf("sphereface: the points of a face: %v are too far apart, too near or too far away for a face in %d×%d pixels", f.Points, size.X, size.Y)
		}
	}
	return cut(context.Background(), img, t)
}

// TakeCrop takes an image for a crop that is aligned already, as other programs cut
// it or as infer crop does. It scales the image if need be, and refuses one that
// does not have a crop's shape, which is 6:7, or has more than 67 megapixels.
func TakeCrop(img image.Image) (Crop, error) {
	err := checkSize(img)
	var crop Crop
	if err == nil {
		crop, err = takeCrop(context.Background(), img)
	}
	if err != nil {
		return Crop{}, fmt.Errorf("sphereface: %w", err)
	}
	return crop, nil
}

func takeCrop(ctx context.Context, img image.Image) (Crop, error) {
	size := img.Bounds().Size()
	if face.IsCrop(size) {
		return cut(ctx, img, face.Transform{A: 1})
	}
	if !HasCropShape(size.X, size.Y) {
		return Crop{}, fmt.Errorf("an image of %d×%d pixels is no aligned crop; give one of %d×%d, or one of that shape and at least %d wide", size.X, size.Y, CropWidth, CropHeight, leastWidth)
	}
	scale := min(CropWidth/float64(size.X), CropHeight/float64(size.Y))
	// Centres of pixels are half a pixel from the edge; the margin is one pixel more.
	t := face.Transform{A: scale, TX: float64(scale*(0.5-margin)) - 0.5, TY: float64(scale*(0.5-margin)) - 0.5}
	crop, err := cut(ctx, repeated{img}, t)
	if err != nil {
		return Crop{}, err
	}
	crop.Corners = [4][2]float64{{0, 0}, {float64(size.X), 0}, {float64(size.X), float64(size.Y)}, {0, float64(size.Y)}}
	return crop, nil
}

// HasCropShape reports whether [TakeCrop] takes an image of w×h pixels: whether it has
// the shape of a crop, but for the rounding of its sides to whole pixels.
func HasCropShape(w, h int) bool {
	off := w*CropHeight - h*CropWidth // 0 for the exact shape
	return w >= leastWidth && 2*max(off, -off) <= CropHeight
}

// cut makes the crop that a transform from the image to the crop gives.
func cut(ctx context.Context, img image.Image, t face.Transform) (Crop, error) {
	crop, err := face.Cut(ctx, img, t)
	if err != nil {
		return Crop{}, err
	}
	return Crop{Pix: crop.Pix, Corners: t.Quad(CropWidth, CropHeight)}, nil
}

// leastWidth is the width from which an image can be a crop: a face in a smaller one
// is a dozen pixels wide.
const leastWidth = CropWidth / 3

// margin is by how many pixels repeated enlarges an image at each edge. Sides that
// were rounded leave less than one of the image's pixels.
const margin = 2

// repeated is an image with a margin that repeats its outermost pixels, so that an
// enlarged one does not darken towards its edges.
type repeated struct{ image.Image }

func (r repeated) Bounds() image.Rectangle { return r.Image.Bounds().Inset(-margin) }

func (r repeated) At(x, y int) color.Color {
	b := r.Image.Bounds()
	return r.Image.At(min(max(x, b.Min.X), b.Max.X-1), min(max(y, b.Min.Y), b.Max.Y-1))
}
