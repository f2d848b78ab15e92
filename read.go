package sphereface

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
)

// ReadFile decodes the image file at path under limits and turns it upright; see
// [Decode]. Pipes, devices and sockets are refused. Errors name the file.
func ReadFile(ctx context.Context, path string, limits Limits) (image.Image, error) {
	img, release, err := readHeld(ctx, path, limits)
	if err != nil {
		return nil, err
	}
	release()
	return img, nil
}

// readHeld is ReadFile for an image that counts in the limits' memory until release
// is called.
func readHeld(ctx context.Context, path string, limits Limits) (img image.Image, release func(), err error) {
	if err := limits.validate(); err != nil {
		return nil, nil, err
	}
	f, err := limits.sizes().Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	return decodeHeld(ctx, f, path, limits)
}

// Decode reads one JPEG, PNG, WebP or BMP image under limits, told apart by its
// first bytes, and turns it upright by its EXIF orientation. The name stands in
// errors.
func Decode(ctx context.Context, r io.Reader, name string, limits Limits) (image.Image, error) {
	if err := limits.validate(); err != nil {
		return nil, err
	}
	img, release, err := decodeHeld(ctx, r, name, limits)
	if err != nil {
		return nil, err
	}
	release()
	return img, nil
}

func decodeHeld(ctx context.Context, r io.Reader, name string, limits Limits) (img image.Image, release func(), err error) {
	ctx, cancel := limits.Context(ctx)
	defer cancel()
	img, release, err = limits.sizes().DecodeHeld(ctx, r, name)
	if err != nil && ctx.Err() != nil {
		return nil, nil, stopped(ctx, name)
	}
	return img, release, err
}

// stopped is the error of work on a photo that its context has ended. Of a cancelled
// one no photo is to blame.
func stopped(ctx context.Context, name string) error {
	cause := context.Cause(ctx)
	if errors.Is(ctx.Err(), context.Canceled) || name == "" {
		return cause
	}
	return fmt.Errorf("sphereface: %s: %w", name, cause)
}
