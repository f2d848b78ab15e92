package face

import (
	"context"
	"errors"
	"fmt"
	"image"
)

// TransformOrFixed is Transform for a photo that has to give a crop, such as one
// of a list of pairs: where no face is found it returns AlignFixed's transform, and
// found is false.
func (a Alignment) TransformOrFixed(ctx context.Context, img image.Image) (t Transform, found bool, err error) {
	t, err = a.Transform(ctx, img)
	if _, none := errors.AsType[*NoFaceError](err); none {
		t, err = AlignFixed.Transform(ctx, img)
		return t, false, err
	}
	return t, err == nil, err
}

// ReadCropOrFixed is ReadCrop for a photo that has to give a crop; see
// TransformOrFixed.
func (a Alignment) ReadCropOrFixed(ctx context.Context, path string) (crop Crop, found bool, err error) {
	img, err := ReadFile(ctx, path)
	if err != nil {
		return Crop{}, false, err
	}
	t, found, err := a.TransformOrFixed(ctx, img)
	if err != nil {
		return Crop{}, false, fmt.Errorf("face: %s: %w", path, err)
	}
	return Cut(img, t), found, nil
}
