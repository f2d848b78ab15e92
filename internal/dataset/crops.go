package dataset

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/sphereface-go/sphereface/internal/face"
)

// InMemory returns the set with all crops held in memory, 32,256 bytes each; see
// Cached for what it knows of faces and for the errors. The folder of the options
// is not used.
func (s *Set) InMemory(ctx context.Context, o CacheOptions) (*Set, error) {
	crops, images, all := make([]face.Crop, s.Len()), slices.Clone(s.Images), make([]int, s.Len())
	for i := range all {
		all[i] = i
	}
	err := s.alignAll(ctx, o, all, func(i int, a aligned) error {
		crops[i], images[i].NoFace, images[i].Poor = a.crop, a.state == cropNoFace, a.state == cropOfPoorFace
		return nil
	})
	if err != nil {
		return nil, err
	}
	held := *s
	held.Images = images
	held.view = func(i int, _ face.Crop) (face.Crop, error) { return crops[i], nil }
	return &held, nil
}

// alignAll calls put with the crop of each of the given images, which put may keep
// but not change, from several goroutines. It goes on after bad images, so that the
// user learns of all at once: then the error is a *badImages.
func (s *Set) alignAll(ctx context.Context, o CacheOptions, images []int, put func(i int, a aligned) error) error {
	var mu sync.Mutex // guards bad
	bad := map[int]error{}
	limits := face.DefaultLimits()
	limits.Memory = face.NewMemory(face.DefaultMemory)
	err := o.each(ctx, "preparing faces", len(images), func(ctx context.Context, k int) error {
		a, err := s.align(ctx, images[k], limits)
		switch {
		case err == nil:
			return put(images[k], a)
		case ctx.Err() != nil:
			return ctx.Err()
		}
		mu.Lock()
		bad[images[k]] = err
		mu.Unlock()
		return nil
	})
	if err != nil {
		return err
	}
	return s.badImages(bad)
}

// each calls do for the numbers below n, several at the same time, until one call
// fails or ctx ends.
func (o CacheOptions) each(ctx context.Context, stage string, n int, do func(ctx context.Context, k int) error) error {
	if n == 0 {
		return nil
	}
	workers := o.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	var mu sync.Mutex // guards done, and makes one call of tell at a time
	done := 0
	o.tell(stage, done, n)
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for k := range n {
		group.Go(func() error {
			if err := running.Err(); err != nil {
				return err
			}
			if err := do(running, k); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			o.tell(stage, done, n)
			return nil
		})
	}
	err := group.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("dataset: stopped after %d of %d images: %w", done, n, ctx.Err())
	}
	return err
}

func (o CacheOptions) tell(stage string, done, n int) {
	if o.Progress != nil {
		o.Progress(stage, int64(done), int64(n))
	}
}
