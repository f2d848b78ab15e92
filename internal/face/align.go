package face

import (
	"fmt"
	"image"
)

// Alignment names a way from a photo to a crop. The name is recorded with a
// trained model, because it must be the same when the model is used.
type Alignment string

// AlignFixed takes every photo by one transform: it expects the face where LFW's
// images have it, in the middle of the photo and about half as wide. An image 96
// wide and 112 high is an aligned crop already and is taken unchanged.
const AlignFixed Alignment = "fixed"

// Alignments returns all ways to align, for messages and help texts.
func Alignments() []Alignment { return []Alignment{AlignFixed} }

// minSide is the shortest side of a photo in pixels from which a crop is made:
// with less, a face would be a dozen pixels wide.
const minSide = 32

// lfwSide is the side of LFW's square images in pixels, and lfwPoints the mean of
// the five points over the 13,201 deep-funneled ones in which the pigo detector
// finds plausible points. A single transform from these is 2.15 crop pixels off
// in the median (RMS of the five points).
const lfwSide = 250

var lfwPoints = [5][2]float64{
	{104.11, 112.97},
	{145.44, 112.13},
	{125.46, 136.91},
	{108.46, 156.62},
	{144.53, 156.06},
}

// Validate returns an error that lists the choices if the name is unknown.
func (a Alignment) Validate() error {
	if a != AlignFixed {
		return fmt.Errorf("face: alignment %q is not known; choose one of %v", string(a), Alignments())
	}
	return nil
}

// Crop returns the aligned crop of the photo.
func (a Alignment) Crop(img image.Image) (Crop, error) {
	if err := a.Validate(); err != nil {
		return Crop{}, err
	}
	crop, err := fixedCrop(img)
	if err != nil {
		return Crop{}, fmt.Errorf("face: %w", err)
	}
	return crop, nil
}

// ReadCrop reads the image file at path and aligns it. Errors name the file.
func (a Alignment) ReadCrop(path string) (Crop, error) {
	if err := a.Validate(); err != nil {
		return Crop{}, err
	}
	img, err := ReadFile(path)
	if err != nil {
		return Crop{}, err
	}
	crop, err := fixedCrop(img)
	if err != nil {
		return Crop{}, fmt.Errorf("face: %s: %w", path, err)
	}
	return crop, nil
}

func fixedCrop(img image.Image) (Crop, error) {
	size := img.Bounds().Size()
	if size.X == CropWidth && size.Y == CropHeight {
		return copyCrop(img), nil
	}
	if min(size.X, size.Y) < minSide {
		return Crop{}, fmt.Errorf("the image of %d×%d pixels is too small for a face; give one of at least %d×%d", size.X, size.Y, minSide, minSide)
	}
	return Crop{Warp(img, fixedTransform(size), CropWidth, CropHeight)}, nil
}

// fixedTransform puts LFW's square frame, scaled to the photo's shorter side,
// into the photo's middle, and its mean points onto the template.
func fixedTransform(size image.Point) Transform {
	side := min(size.X, size.Y)
	scale := float64(side) / lfwSide
	left, top := float64(size.X-side)/2, float64(size.Y-side)/2
	points := make([][2]float64, len(lfwPoints))
	for i, p := range lfwPoints {
		// A pixel's centre is half a pixel from its edge, whatever the scale.
		points[i] = [2]float64{
			float64((p[0]+0.5)*scale) - 0.5 + left,
			float64((p[1]+0.5)*scale) - 0.5 + top,
		}
	}
	template := Template()
	t, err := Similarity(points, template[:])
	if err != nil {
		panic(err) // five different points always have a transform
	}
	return t
}

func copyCrop(img image.Image) Crop {
	crop := NewCrop()
	at := pixelReader(img)
	b := img.Bounds()
	for y := range CropHeight {
		for x := range CropWidth {
			i := 3 * (y*CropWidth + x)
			crop.Pix[i], crop.Pix[i+1], crop.Pix[i+2] = at(b.Min.X+x, b.Min.Y+y)
		}
	}
	return crop
}
