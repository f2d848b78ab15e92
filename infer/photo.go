package main

import (
	"context"
	"errors"
	"fmt"
	"math"

	"golang.org/x/sync/errgroup"

	"github.com/sphereface-go/sphereface/internal/face"
)

// photo is an image file and the face in it.
type photo struct {
	Path      string `json:"path"`
	Width     int    `json:"width"`     // pixels, turned upright
	Height    int    `json:"height"`    // pixels, turned upright
	Alignment string `json:"alignment"` // the way to the crop, "none" for an image that is one

	// Corners of the crop in the upright photo, clockwise from the crop's upper left
	// one: x and y in pixels from the photo's upper left corner (0, 0) to its lower
	// right one (width, height), to 2 decimals.
	Corners [4][2]float64 `json:"crop"`

	crop face.Crop
}

// unaligned is the alignment of an image that is a crop already and is taken as it is.
const unaligned = "none"

// readPhoto decodes a file and cuts the crop as the model's contract says: by the
// same code as in training.
func (m *model) readPhoto(path string) (photo, error) {
	img, err := face.ReadFile(path)
	if err != nil {
		return photo{}, err
	}
	alignment := face.Alignment(m.contract.Alignment)
	transform, err := alignment.Transform(context.Background(), img)
	if _, none := errors.AsType[*face.NoFaceError](err); none && m.judgeAll {
		alignment = face.AlignFixed
		transform, err = alignment.Transform(context.Background(), img)
	}
	if err != nil {
		return photo{}, fmt.Errorf("%s: %w", path, err)
	}
	size := img.Bounds().Size()
	p := photo{
		Path: path, Width: size.X, Height: size.Y, Alignment: string(alignment),
		Corners: transform.Quad(face.CropWidth, face.CropHeight), crop: face.Cut(img, transform),
	}
	for i, corner := range p.Corners {
		for j, v := range corner {
			p.Corners[i][j] = math.Round(v*100)/100 + 0 // no -0
		}
	}
	if size.X == face.CropWidth && size.Y == face.CropHeight {
		p.Alignment = unaligned
	}
	return p, nil
}

// readPhotos reads several files, some at a time, and begins none after one that
// has failed. The error is that of the first file, in their order, that has one.
func (m *model) readPhotos(ctx context.Context, paths []string, workers int) ([]photo, error) {
	photos := make([]photo, len(paths))
	errs := make([]error, len(paths))
	group, stopped := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i, path := range paths {
		// All before a file that fails have begun, so the first error is among them.
		if stopped.Err() != nil {
			break
		}
		group.Go(func() error {
			photos[i], errs[i] = m.readPhoto(path)
			return errs[i]
		})
	}
	_ = group.Wait() // of several errors, it gives the one that came first in time
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return photos, nil
}
