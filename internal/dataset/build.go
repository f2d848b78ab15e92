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
	var part error // that of bad images or of ctx, where the crops so far are kept
	err := atomicfile.WriteAt(path, func(f io.WriterAt) error {
		keep, err := s.writeCrops(ctx, f, path, photos, o)
		if keep {
			part, err = err, nil
		}
		return err
	})
	if err == nil {
		err = part
	}
	// Not before: what a dead process has left may be of use.
	staleErr := atomicfile.RemoveStale(dir, staleAfter, func(of string) bool { return of == name })
	bad, isBad := errors.AsType[*badImages](err)
	switch {
	case isBad:
		return bad.listed(filepath.Join(dir, badList))
	case isStop(ctx, err):
		return err
	case err != nil:
		return fmt.Errorf("dataset: crop cache of %d MB: %w", cropOffset(s.Len(), s.Len())/1_000_000+1, err)
	case staleErr != nil:
		return fmt.Errorf("dataset: crop cache: %w", atomicfile.Advise(staleErr))
	}
	os.Remove(filepath.Join(dir, badList)) // of an earlier try
	return nil
}

// isStop reports whether err says that ctx has ended.
func isStop(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, ctx.Err())
}

// writeCrops writes a cache for path to f: known crops first, then those that it has
// to make. keep says whether the file is worth keeping, even where the error, that
// of bad images or of ctx, means that it is only a part.
func (s *Set) writeCrops(ctx context.Context, f io.WriterAt, path string, photos []content, o CacheOptions) (keep bool, err error) {
	settings := settingsOf(s.Align)
	w, err := newCropWriter(f, settings, s.Len())
	if err != nil {
		return false, err
	}
	known := openKnown(filepath.Dir(path), settings)
	defer known.close()
	missing, err := w.takeOver(ctx, known, photos, o)
	if err != nil { // the files that are there have all that is in this one
		return false, err
	}
	var made atomic.Int64
	err = s.alignAll(ctx, o, missing, func(i int, a aligned) error {
		photos[i] = a.content
		made.Add(1)
		return w.put(i, a)
	})
	if _, bad := errors.AsType[*badImages](err); err == nil || !bad && !isStop(ctx, err) {
		return err == nil, err
	}
	return made.Load() > 0 && !madeElsewhere(path, settings, photos), err
}

// madeElsewhere reports whether another process has finished the cache. It is asked
// when this one is to stop, and so reads none of the crops.
func madeElsewhere(path string, settings cropSettings, photos []content) bool {
	file, err := openCropFile(path, settings)
	if err != nil {
		return false
	}
	defer file.Close()
	return file.lists(photos) == nil
}

// takeOver writes the crops of photos that are known, and returns the indices of the
// others.
func (w *cropWriter) takeOver(ctx context.Context, known *knownCrops, photos []content, o CacheOptions) (missing []int, err error) {
	scratch := face.NewCrop()
	for i, c := range photos {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("dataset: stopped after taking over %d of %d crops: %w", i, len(photos), ctx.Err())
		}
		if a, ok := known.find(c, scratch); !ok {
			missing = append(missing, i)
		} else if err := w.put(i, a); err != nil {
			return nil, err
		}
		if len(known.at) > 0 {
			o.tell("taking over crops", i+1, len(photos))
		}
	}
	return missing, nil
}
