package dataset

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/sphereface-go/sphereface/internal/face"
)

// InMemory returns the set with all crops held in memory, 32,256 bytes each; see
// Cached for the errors. The folder of the options is not used.
func (s *Set) InMemory(ctx context.Context, o CacheOptions) (*Set, error) {
	crops := make([]face.Crop, s.Len())
	if err := s.alignAll(ctx, o, func(i int, crop face.Crop) error { crops[i] = crop; return nil }); err != nil {
		return nil, err
	}
	held := *s
	held.view = func(i int, _ face.Crop) (face.Crop, error) { return crops[i], nil }
	return &held, nil
}

// alignAll calls put with the crop of every image, which put may keep but not
// change, from several goroutines. It goes on after bad images, so that the user
// learns of all at once.
func (s *Set) alignAll(ctx context.Context, o CacheOptions, put func(i int, crop face.Crop) error) error {
	workers := o.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex // guards next, done and bad
	next, done := 0, 0
	bad := map[int]error{}
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == s.Len() || ctx.Err() != nil {
			return 0, false
		}
		next++
		return next - 1, true
	}
	var group sync.WaitGroup
	for range min(workers, s.Len()) {
		group.Go(func() {
			for i, ok := take(); ok; i, ok = take() {
				crop, err := s.view(i, face.Crop{})
				if err == nil {
					if err := put(i, crop); err != nil {
						cancel(err)
						return
					}
				}
				mu.Lock()
				if err != nil {
					bad[i] = err
				}
				done++
				if o.Progress != nil {
					o.Progress(done, s.Len())
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		err := context.Cause(ctx)
		if errors.Is(err, context.Canceled) {
			err = fmt.Errorf("dataset: stopped after %d of %d images: %w", done, s.Len(), err)
		}
		return err
	}
	return s.badImages(bad)
}
