package sphereface

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Limits bound what reading a photo may take. The sizes are checked before a pixel
// is decoded, so that a small file that claims a huge image costs nothing. A field
// that is 0 stands for its default.
type Limits struct {
	Bytes  int64         // of the file; by default 64 MiB
	Pixels int           // width × height; by default 2²⁶, 67 megapixels
	Time   time.Duration // to decode a photo and to find its faces; by default 30 s
}

// defaultTime is generous: the largest photo takes seconds.
const defaultTime = 30 * time.Second

// Context returns a context that ends when a photo has taken too long. Its cause
// is then an error that says so and that wraps [context.DeadlineExceeded]. It is for
// programs that decode and detect in steps: [ReadPhoto] does it by itself.
func (l Limits) Context(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := cmp.Or(l.Time, defaultTime)
	err := fmt.Errorf("reading the photo took longer than the limit of %v; scale it down, or raise the limit: %w", limit, context.DeadlineExceeded)
	return context.WithTimeoutCause(ctx, limit, err)
}

func (l Limits) sizes() face.Limits {
	d := face.DefaultLimits()
	return face.Limits{Bytes: cmp.Or(l.Bytes, d.Bytes), Pixels: cmp.Or(l.Pixels, d.Pixels)}
}

func (l Limits) validate() error {
	if l.Bytes < 0 || l.Pixels < 0 || l.Time < 0 {
		return fmt.Errorf("sphereface: limits %+v: give 0 for a default, or more", l)
	}
	return nil
}
