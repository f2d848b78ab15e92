package sphereface

import (
	"context"
	"fmt"
	"image"
	"slices"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Alignment is a way from an image to its crops. A model's metadata names the one
// that it was trained with; see [Model.Alignment].
type Alignment string

// The ways to align. An image of 96×112 pixels is taken for an aligned crop by all
// of them, as in training.
const (
	// AlignDetect finds the faces and brings their points to where a crop has them.
	AlignDetect = Alignment(face.AlignDetect)

	// AlignFixed cuts the same frame out of every image: it expects the face where
	// LFW's photos have it, in the middle and half as wide.
	AlignFixed = Alignment(face.AlignFixed)

	// AlignNone takes every image for an aligned crop, as [TakeCrop] does.
	AlignNone Alignment = "none"

	// AlignDetectOrFixed is AlignDetect, but AlignFixed where no face is found: every
	// image gives a crop, as a list of pairs wants it.
	AlignDetectOrFixed Alignment = "detect-or-fixed"
)

// Photo is an image and the crops in it, of which there is at least one.
type Photo struct {
	Name          string      // in errors: the path of a file, or ""
	Image         image.Image // upright; nil in what [Model.EmbedFiles] gives
	Width, Height int         // of the image, in pixels
	// Alignment is how the crops were cut: AlignDetect, AlignFixed, or AlignNone for
	// an image that is a crop already.
	Alignment Alignment
	// Faces are those that AlignDetect found, the most prominent first; otherwise
	// there are none.
	Faces []Face
	// Crops are those of the faces, in their order, or the one that there is.
	Crops []Crop
}

// NewPhoto cuts the crops out of an image. If AlignDetect finds no face the error is
// a [*NoFaceError]. Images of more than 67 megapixels are refused.
func NewPhoto(ctx context.Context, img image.Image, how Alignment) (*Photo, error) {
	if err := checkSize(img); err != nil {
		return nil, fmt.Errorf("sphereface: %w", err)
	}
	return newPhoto(ctx, "", img, how)
}

// ReadPhoto reads the image file at path under limits and cuts its crops; see
// [NewPhoto]. Errors name the file.
func ReadPhoto(ctx context.Context, path string, how Alignment, limits Limits) (*Photo, error) {
	ctx, cancel := limits.Context(ctx)
	defer cancel()
	img, release, err := readHeld(ctx, path, limits)
	if err != nil {
		return nil, err
	}
	defer release()
	return newPhoto(ctx, path, img, how)
}

func newPhoto(ctx context.Context, name string, img image.Image, how Alignment) (*Photo, error) {
	size := img.Bounds().Size()
	p := &Photo{Name: name, Image: img, Width: size.X, Height: size.Y}
	err := p.align(ctx, how)
	switch {
	case err == nil:
		return p, nil
	case ctx.Err() != nil:
		return nil, stopped(ctx, name)
	case name == "":
		return nil, fmt.Errorf("sphereface: %w", err)
	}
	return nil, fmt.Errorf("sphereface: %s: %w", name, err)
}

// align settles how the photo is aligned and cuts the crops.
func (p *Photo) align(ctx context.Context, how Alignment) error {
	if !slices.Contains([]Alignment{AlignDetect, AlignFixed, AlignNone, AlignDetectOrFixed}, how) {
		return fmt.Errorf("alignment %q is not known", string(how))
	}
	switch {
	case how == AlignNone, face.IsCrop(image.Pt(p.Width, p.Height)):
		return p.takeWhole(ctx)
	case how == AlignFixed:
		return p.cutFrame(ctx)
	}
	var err error
	if p.Faces, err = detect(ctx, p.Image); err != nil {
		return err
	}
	switch {
	case len(p.Faces) > 0:
		return p.cutFaces(ctx)
	case how == AlignDetectOrFixed:
		return p.cutFrame(ctx)
	}
	return &NoFaceError{p.Width, p.Height}
}

func (p *Photo) takeWhole(ctx context.Context) error {
	crop, err := takeCrop(ctx, p.Image)
	if err != nil {
		return err
	}
	p.Alignment = AlignNone
	p.add(crop)
	return nil
}

func (p *Photo) cutFrame(ctx context.Context) error {
	f, err := face.AlignFixed.Frame(ctx, p.Image)
	if err != nil {
		return err
	}
	p.Alignment = AlignFixed
	return p.cut(ctx, f.Transform)
}

func (p *Photo) cutFaces(ctx context.Context) error {
	p.Alignment = AlignDetect
	for _, f := range p.Faces {
		if err := p.cut(ctx, face.Face(f).Transform()); err != nil {
			return err
		}
	}
	return nil
}

func (p *Photo) cut(ctx context.Context, t face.Transform) error {
	crop, err := cut(ctx, p.Image, t)
	if err == nil {
		p.add(crop)
	}
	return err
}

func (p *Photo) add(c Crop) {
	c.of = p.Name
	p.Crops = append(p.Crops, c)
}
