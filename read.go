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
	if err := limits.validate(); err != nil {
		return nil, err
	}
	f, err := limits.sizes().Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return Decode(ctx, f, path, limits)
}

// Decode reads one JPEG, PNG, WebP or BMP image under limits, told apart by its
// first bytes, and turns it upright by its EXIF orientation. The name stands in
// errors.
func Decode(ctx context.Context, r io.Reader, name string, limits Limits) (image.Image, error) {
	if err := limits.validate(); err != nil {
		return nil, err
	}
	ctx, cancel := limits.Context(ctx)
	defer cancel()
	img, err := limits.sizes().Decode(ctx, r, name)
	if err != nil && ctx.Err() != nil {
		return nil, stopped(ctx, name)
	}
	return img, err
}

// stopped is the error of work on a photo that its context has ended. Of a cancelled
// one no photo is to blame.
func stopped(ctx context.Context, name string) error {
	cause := context.Cause(ctx)
	if errors.Is(cause, context.Canceled) || name == "" {
		return cause
	}
	return fmt.Errorf("sphereface: %s: %w", name, cause)
}
