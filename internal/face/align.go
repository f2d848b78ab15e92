package face

import (
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
)

// Alignment names a way from a photo to a crop. The name is recorded with a
// trained model, because it must be the same when the model is used.
type Alignment string

// The ways to align. An image 96 wide and 112 high is an aligned crop already and
// is taken unchanged by all of them.
const (
	// AlignDetect finds the face and puts its five points onto Template.
	AlignDetect Alignment = "detect"

	// AlignFixed takes every photo by one transform: it expects the face where LFW's
	// images have it, in the middle of the photo and about half as wide.
	AlignFixed Alignment = "fixed"
)

// Alignments returns all ways to align, for messages and help texts.
func Alignments() []Alignment { return []Alignment{AlignDetect, AlignFixed} }

// NoFaceError says that no face was found in a photo.
type NoFaceError struct{ Width, Height int } // of the photo in pixels

func (e *NoFaceError) Error() string {
	return fmt.Sprintf("no face found in %d×%d pixels; give a photo with the face unobstructed and at least %d pixels wide", e.Width, e.Height, smallest(e.Width, e.Height))
}

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
	if !slices.Contains(Alignments(), a) {
		return fmt.Errorf("face: alignment %q is not known; choose one of %v", string(a), Alignments())
	}
	return nil
}

// Framing is how a crop is cut out of a photo.
type Framing struct {
	Transform       // takes pixels of the photo to pixels of the crop
	Face      *Face // the one that it shows, if one was looked for and found
	NoFace    bool  // none was found, and the transform is that of AlignFixed
}

// Frame settles how a photo is cropped: an image that is an aligned crop already as
// it is, others by the alignment. Of several faces it takes the first, which for
// every image of LFW is the one nearest the photo's centre that its protocol means.
// If it finds none the error is a *NoFaceError.
func (a Alignment) Frame(ctx context.Context, img image.Image) (Framing, error) {
	if err := a.Validate(); err != nil {
		return Framing{}, err
	}
	size := img.Bounds().Size()
	if IsCrop(size) {
		return Framing{Transform: Transform{A: 1}}, nil
	}
	if a == AlignFixed {
		t, err := fixedTransform(size)
		return Framing{Transform: t}, err
	}
	faces, err := Detect(ctx, img)
	if err != nil {
		return Framing{}, err
	}
	if len(faces) == 0 {
		return Framing{}, &NoFaceError{size.X, size.Y}
	}
	return Framing{Transform: faces[0].Transform(), Face: &faces[0]}, nil
}

// FrameOrFixed is Frame for a photo that has to give a crop, such as one of a list
// of pairs: where no face is found it takes AlignFixed's frame.
func (a Alignment) FrameOrFixed(ctx context.Context, img image.Image) (Framing, error) {
	f, err := a.Frame(ctx, img)
	if _, none := errors.AsType[*NoFaceError](err); none {
		f, err = AlignFixed.Frame(ctx, img)
		f.NoFace = true
	}
	return f, err
}

// Transform returns the transform that takes the face's points onto Template.
func (f Face) Transform() Transform {
	template := Template()
	t, err := Similarity(f.Points[:], template[:])
	if err != nil {
		panic(err) // Detect returns faces with different points only
	}
	return t
}

// IsCrop reports whether an image of the size is taken for an aligned crop.
func IsCrop(size image.Point) bool { return size == image.Pt(CropWidth, CropHeight) }

// ReadCropOrFixed reads the image file at path under DefaultLimits and crops it; see
// FrameOrFixed. Errors name the file.
func (a Alignment) ReadCropOrFixed(ctx context.Context, path string) (Crop, Framing, error) {
	img, err := ReadFile(ctx, path)
	if err != nil {
		return Crop{}, Framing{}, err
	}
	f, err := a.FrameOrFixed(ctx, img)
	var crop Crop
	if err == nil {
		crop, err = Cut(ctx, img, f.Transform)
	}
	if err != nil {
		return Crop{}, Framing{}, fmt.Errorf("face: %s: %w", path, err)
	}
	return crop, f, nil
}

// Cut returns the crop that a transform cuts out of img. The only error
// is that of a context that is done.
func Cut(ctx context.Context, img image.Image, t Transform) (Crop, error) {
	pix, err := Warp(ctx, img, t, CropWidth, CropHeight)
	return Crop{pix}, err
}

// fixedTransform puts LFW's square frame, scaled to the photo's shorter side,
// into the photo's middle, and its mean points onto the template.
func fixedTransform(size image.Point) (Transform, error) {
	side := min(size.X, size.Y)
	if side < minSide {
		return Transform{}, fmt.Errorf("the image of %d×%d pixels is too small for a face; give one of at least %d×%d", size.X, size.Y, minSide, minSide)
	}
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
	return t, nil
}
