package face

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"
)

// ReadFile decodes the image file at path under DefaultLimits; see Limits.Open and
// Limits.Decode.
func ReadFile(ctx context.Context, path string) (image.Image, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return DefaultLimits().Decode(ctx, f, path)
}

// Open opens the image file at path under DefaultLimits; see Limits.Open.
func Open(path string) (*os.File, error) { return DefaultLimits().Open(path) }

// Open opens the image file at path for Decode. Files larger than the limit are
// refused, and so are pipes, devices and sockets, as reading them may never end.
func (lim Limits) Open(path string) (*os.File, error) {
	// Before it is opened: opening a named pipe waits for its writer.
	info, err := os.Stat(path)
	if err != nil {
		return nil, errOpen(path, err)
	}
	switch {
	case info.IsDir():
		return nil, fmt.Errorf("face: %s: is a directory; name an image file in it", path)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("face: %s: is %s; save the image to a file and name that", path, Irregular(info.Mode()))
	}
	if info.Size() > lim.Bytes {
		return nil, errBytes(path, lim)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, errOpen(path, err)
	}
	return f, nil
}

// Irregular says what a file is that is neither regular nor a directory.
func Irregular(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "no regular file"
}

func errOpen(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("face: %s: %w; check the path", path, cause(err))
	}
	return fmt.Errorf("face: %s: cannot be opened: %w; check the path and its permissions", path, cause(err))
}

// Decode reads one JPEG, PNG, WebP or BMP image, told apart by its first bytes
// and not by its name, and turns it upright by its EXIF orientation. The name
// stands in errors, each of which is one line with a remedy. Missing or damaged
// EXIF data means upright. Of an animated PNG it is the picture that programs show
// that do not know of animation.
//
// When the context is done, reading and decoding stop with its error, which is
// wrapped: a decoder stops where it reads on, which that of WebP does only before it
// makes pixels, for three seconds at most.
func (lim Limits) Decode(ctx context.Context, r io.Reader, name string) (image.Image, error) {
	img, release, err := lim.DecodeHeld(ctx, r, name)
	if err != nil {
		return nil, err
	}
	release()
	return img, nil
}

// DecodeHeld is Decode for images that are used at once and then dropped: their
// part of lim.Memory is theirs until release is called.
func (lim Limits) DecodeHeld(ctx context.Context, r io.Reader, name string) (img image.Image, release func(), err error) {
	img, release, err = lim.decode(ctx, r, name)
	// Asked once: it may be done between two questions.
	if done := ctx.Err(); done != nil {
		if err == nil {
			release()
		}
		return nil, nil, fmt.Errorf("face: %s: stopped while it was decoded: %w", name, done)
	}
	return img, release, err
}

func (lim Limits) decode(ctx context.Context, r io.Reader, name string) (_ image.Image, release func(), err error) {
	data, err := lim.read(ctx, r, name)
	if err != nil {
		return nil, nil, err
	}
	format, config, err := lim.check(data, name)
	if err != nil {
		return nil, nil, err
	}
	cost, turn := format.cost(data, config), orientation(data, format)
	if turn > 1 {
		cost += 4 // of the turned copy
	}
	if release, err = lim.Memory.reserve(ctx, cost*int64(config.Width)*int64(config.Height)); err != nil {
		return nil, nil, err
	}
	img, err := format.decode(stoppable{ctx, bytes.NewReader(data)})
	if err != nil {
		release()
		return nil, nil, errDamaged(name, format, err)
	}
	if img, err = upright(ctx, img, turn); err != nil {
		release()
		return nil, nil, err
	}
	return img, release, nil
}

// read reads the encoded file.
func (lim Limits) read(ctx context.Context, r io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(stoppable{ctx, r}, lim.Bytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("face: %s: cannot be read: %w", name, cause(err))
	case int64(len(data)) > lim.Bytes:
		return nil, errBytes(name, lim)
	case len(data) == 0:
		return nil, fmt.Errorf("face: %s: the file is empty (0 bytes); copy or export it again", name)
	}
	return data, nil
}

// check judges a file by all that is known before a pixel is decoded.
func (lim Limits) check(data []byte, name string) (*format, image.Config, error) {
	fail := func(err error) (*format, image.Config, error) { return nil, image.Config{}, err }
	format, ok := sniff(data)
	if !ok {
		return fail(fmt.Errorf("face: %s: not an image this program reads%s; convert it to JPEG, PNG, WebP or BMP", name, guess(data)))
	}
	if format.refuse != nil {
		if err := format.refuse(data); err != nil {
			return fail(fmt.Errorf("face: %s: %w", name, err))
		}
	}
	config, err := format.config(bytes.NewReader(data))
	if err != nil {
		return fail(errDamaged(name, format, err))
	}
	if config.Width < 1 || config.Height < 1 {
		return fail(fmt.Errorf("face: %s: the %s image has no pixels (%d×%d); export it again", name, format.name, config.Width, config.Height))
	}
	if config.Width > lim.Pixels/config.Height {
		return fail(fmt.Errorf("face: %s: %d×%d pixels (%s) are more than the limit of %s; scale the image down first",
			name, config.Width, config.Height, megapixels(float64(config.Width)*float64(config.Height)), megapixels(float64(lim.Pixels))))
	}
	if format.least != nil {
		if least := format.least(data, int64(config.Width), int64(config.Height)); int64(len(data)) < least {
			err := fmt.Errorf("%d×%d pixels take at least %d bytes, the file has %d", config.Width, config.Height, least, len(data))
			return fail(errDamaged(name, format, err))
		}
	}
	return format, config, nil
}

func megapixels(pixels float64) string {
	if pixels >= 100e6 {
		return fmt.Sprintf("%.0f megapixels", pixels/1e6)
	}
	return fmt.Sprintf("%.3g megapixels", pixels/1e6)
}

// stoppable is a reader that ends with the context's error once that is done, so
// that a decoder stops in the middle of an image.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

func errBytes(name string, lim Limits) error {
	return fmt.Errorf("face: %s: the file is larger than the limit of %.3g MiB; scale the image down first", name, float64(lim.Bytes)/(1<<20))
}

func errDamaged(name string, f *format, err error) error {
	if isUnsupported(err) {
		return fmt.Errorf("face: %s: this kind of %s is not read; export it again as a baseline JPEG or a PNG: %w", name, f.name, err)
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("face: %s: the %s data is damaged or cut short; copy or export the file again: %w", name, f.name, err)
}

// cause strips the operation and the path of a file error, which the message
// names already.
func cause(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
