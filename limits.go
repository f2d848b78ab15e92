package sphereface

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"time"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Limits bound what reading a photo may take. The sizes are checked before a pixel
// is decoded, so that a small file that claims a huge image costs nothing; but for
// WebP, whose pixels may take next to no bytes. A field that is 0 stands for its
// default.
type Limits struct {
	Bytes  int64         // of the file; by default 64 MiB
	Pixels int           // width × height; by default 2²⁶, 67 megapixels
	Time   time.Duration // to decode a photo and to find its faces; by default 30 s
	// Memory is shared by photos that are read at the same time; nil bounds none, but
	// in [Model.EmbedFiles], which has 1 GiB then.
	Memory *Memory
}

// Memory is what photos that are read at the same time may take together. Those for
// which there is no room wait, which counts as time. A photo that needs more than all
// of it is read alone.
type Memory struct{ *face.Memory }

// NewMemory returns a Memory of so many bytes, which are above 0.
func NewMemory(bytes int64) *Memory { return &Memory{face.NewMemory(bytes)} }

// Context returns a context that ends when a photo has taken too long. Its cause
// is then an error that says so and that wraps [context.DeadlineExceeded]. It is for
// programs that decode and detect in steps: [ReadPhoto] does it by itself.
func (l Limits) Context(ctx context.Context) (context.Context, context.CancelFunc) {
	return face.WithTime(ctx, cmp.Or(l.Time, face.DefaultTime))
}

func (l Limits) sizes() face.Limits {
	d := face.DefaultLimits()
	sizes := face.Limits{Bytes: cmp.Or(l.Bytes, d.Bytes), Pixels: cmp.Or(l.Pixels, d.Pixels)}
	if l.Memory != nil {
		sizes.Memory = l.Memory.Memory
	}
	return sizes
}

func (l Limits) validate() error {
	if l.Bytes < 0 || l.Pixels < 0 || l.Time < 0 {
		return fmt.Errorf("sphereface: limits of %d bytes, %d pixels, %v: give 0 for a default, or more", l.Bytes, l.Pixels, l.Time)
	}
	return nil
}

// checkSize refuses a nil image, and one with more pixels than are read by default: one that no
// decoder has bounded may have any number of them.
func checkSize(img image.Image) error {
	if img == nil {
		return errors.New("an image that is nil")
	}
	size, most := img.Bounds().Size(), face.DefaultLimits().Pixels
	if size.X > most/max(size.Y, 1) {
		return fmt.Errorf("an image of %d×%d pixels is more than the limit of %d megapixels; scale it down first", size.X, size.Y, most/1e6)
	}
	return nil
}
