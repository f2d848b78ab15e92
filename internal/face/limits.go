package face

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/semaphore"
)

// Limits bounds what Decode accepts. Both are checked before a pixel is
// decoded, as is whether the file is long enough for its image, so that a small
// file that claims a huge one costs nothing; but for WebP, whose pixels may take
// next to no bytes. Decoding takes up to 24 bytes of memory a pixel: those of a
// progressive JPEG of four colours; others take 2 to 15.
type Limits struct {
	Bytes  int64   // of the encoded file
	Pixels int     // width × height
	Memory *Memory // of all images that are decoded at the same time; nil for any
}

// DefaultLimits accepts what cameras and phones produce: files up to 64 MiB and
// images up to 67 megapixels (2²⁶ pixels).
func DefaultLimits() Limits { return Limits{Bytes: 64 << 20, Pixels: 64 << 20} }

// DefaultTime is how long a photo may take to be read and cropped. It is generous:
// the largest takes seconds.
const DefaultTime = 30 * time.Second

// WithTime returns a context that ends when a photo has taken longer than the limit.
// Its cause is then an error that says so and wraps context.DeadlineExceeded.
func WithTime(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	err := fmt.Errorf("reading the photo took longer than the limit of %v; scale it down, or raise the limit: %w", limit, context.DeadlineExceeded)
	return context.WithTimeoutCause(ctx, limit, err)
}

// Memory is what images that are decoded at the same time may take together: those
// for which there is no room wait for others. One that needs more than all of it is
// decoded alone.
type Memory struct {
	bytes int64
	free  *semaphore.Weighted
}

// DefaultMemory is enough for twenty photos of a phone at once.
const DefaultMemory = 1 << 30

// NewMemory returns a Memory of so many bytes.
func NewMemory(bytes int64) *Memory { return &Memory{bytes, semaphore.NewWeighted(bytes)} }

// reserve waits for n bytes and returns how to give them back. The only error is
// that of a context that is done.
func (m *Memory) reserve(ctx context.Context, n int64) (release func(), err error) {
	if m == nil {
		return func() {}, nil
	}
	n = min(n, m.bytes)
	if err := m.free.Acquire(ctx, n); err != nil {
		return nil, err
	}
	return func() { m.free.Release(n) }, nil
}
