package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/face"
)

// staleAfter is the time without a write after which the process that was making
// a cache is taken for dead: it writes after each image.
const staleAfter = time.Hour

// buildCache makes the file at path of photos that had the given contents, and
// corrects those of files that have changed since.
func (s *Set) buildCache(ctx context.Context, path string, photos []content, o CacheOptions) error {
	dir, name := filepath.Split(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("dataset: crop cache: %w", atomicfile.Advise(err))
	}
	var stopped error // by the images or the user
	err := atomicfile.WriteAt(path, func(f io.WriterAt) (err error) {
		stopped, err = s.writeCrops(ctx, f, path, photos, o)
		return err
	})
	// Not before: what a dead process has left may be of use.
	staleErr := atomicfile.RemoveStale(dir, staleAfter, func(of string) bool { return of == name })
	if bad, ok := errors.AsType[*badImages](stopped); ok {
		return bad.listed(filepath.Join(dir, badList))
	}
	switch {
	case stopped != nil:
		return stopped
	case err != nil:
		return fmt.Errorf("dataset: crop cache of %d MB: %w", cropOffset(s.Len(), s.Len())/1_000_000+1, err)
	case staleErr != nil:
		return fmt.Errorf("dataset: crop cache: %w", atomicfile.Advise(staleErr))
	}
	os.Remove(filepath.Join(dir, badList)) // of an earlier try
	return nil
}

// writeCrops writes a cache for path to f: known crops first, then those that it has
// to make. stopped is the error of bad images or of ctx, and err what keeps the file
// from being put in its place: with stopped alone, a part is worth keeping.
func (s *Set) writeCrops(ctx context.Context, f io.WriterAt, path string, photos []content, o CacheOptions) (stopped, err error) {
	settings := settingsOf(s.Align)
	w, err := newCropWriter(f, settings, s.Len())
	if err != nil {
		return nil, err
	}
	known := openKnown(filepath.Dir(path), settings)
	defer known.close()
	scratch := face.NewCrop()
	var missing []int
	for i, c := range photos {
		if ctx.Err() != nil { // the files that are there have all of this one
			stopped = fmt.Errorf("dataset: stopped before the first image: %w", ctx.Err())
			return stopped, stopped
		}
		if a, ok := known.find(c, scratch); !ok {
			missing = append(missing, i)
		} else if err := w.put(i, a); err != nil {
			return nil, err
		}
	}
	var made atomic.Int64
	stopped = s.alignAll(ctx, o, missing, func(i int, a aligned) error {
		photos[i] = a.content
		made.Add(1)
		return w.put(i, a)
	})
	_, bad := errors.AsType[*badImages](stopped)
	switch {
	case stopped == nil:
		return nil, nil
	case !bad && ctx.Err() == nil: // the disk
		return nil, stopped
	case made.Load() == 0:
		return stopped, stopped
	}
	if whole, err := openWhole(path, settings, photos); err == nil { // another process has made it
		whole.Close()
		return stopped, stopped
	}
	return stopped, nil
}
