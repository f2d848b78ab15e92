package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/face"
)

// CacheOptions says where and how the crops of a set are kept.
type CacheOptions struct {
	Dir      string                // folder of the cache files; "": DefaultCacheDir
	Workers  int                   // images aligned at the same time; 0: one a core
	Progress func(done, total int) // called after each image, one call at a time; may be nil
}

// DefaultCacheDir returns the folder of the crop caches, sphereface in the
// user's folder of caches.
func DefaultCacheDir() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("dataset: no folder for the crop cache: %w; name one", err)
	}
	return filepath.Join(dir, "sphereface"), nil
}

// Cached returns the set with crops that are read from one file, 32,256 bytes
// each. The file is found by the images' paths and the alignment, and used if the
// images' sizes and times of change are those it was made from and its checksums
// are right; otherwise it is made, which aligns every image. It appears whole or
// not at all, and ctx stops the work. Images that cannot be used are counted in the
// error, which names the first of them; where they are many, all are listed in the
// file bad-images.txt in the cache's folder. A set of generated faces is returned
// as it is.
//
// The returned set, and sets made from it, need it open: see Set.Close.
func (s *Set) Cached(ctx context.Context, o CacheOptions) (*Set, error) {
	if s.Align == "" {
		return s, nil
	}
	if o.Dir == "" {
		var err error
		if o.Dir, err = DefaultCacheDir(); err != nil {
			return nil, err
		}
	}
	path, key, err := s.cacheKey(o.Dir)
	if err != nil {
		return nil, err
	}
	file, err := openCrops(path, key, s.Len())
	if err != nil { // missing, of other images, or damaged
		if err := s.buildCache(ctx, path, key, o); err != nil {
			return nil, err
		}
		if file, err = openCrops(path, key, s.Len()); err != nil {
			return nil, fmt.Errorf("dataset: crop cache %s cannot be read back: %w; check the disk, or choose another folder", path, err)
		}
	}
	cached := *s
	cached.closer = file
	cached.view = func(i int, scratch face.Crop) (face.Crop, error) {
		crop, err := file.crop(i, scratch)
		if err != nil {
			return face.Crop{}, fmt.Errorf("dataset: crop of %s in the cache %s: %w; start again to have it rebuilt", s.Images[i].Path, path, err)
		}
		return crop, nil
	}
	return &cached, nil
}

// staleAfter is the time without a write after which the process that was making
// a cache is taken for dead: it writes after each image.
const staleAfter = time.Hour

func (s *Set) buildCache(ctx context.Context, path string, key cacheKey, o CacheOptions) error {
	dir, name := filepath.Split(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("dataset: crop cache: %w", atomicfile.Advise(err))
	}
	if err := atomicfile.RemoveStale(dir, staleAfter, func(of string) bool { return of == name }); err != nil {
		return fmt.Errorf("dataset: crop cache: %w", atomicfile.Advise(err))
	}
	var stopped error // by the images or the user
	err := atomicfile.WriteAt(path, func(f io.WriterAt) error {
		w := newCropWriter(f, key, s.Len())
		stopped = s.alignAll(ctx, o, func(i int, crop face.Crop) error {
			return s.cacheWriteError(w.put(i, crop))
		})
		if stopped != nil {
			return stopped
		}
		return w.finish()
	})
	if bad, ok := errors.AsType[*badImages](stopped); ok {
		return bad.listed(filepath.Join(dir, badList))
	}
	if stopped != nil {
		return stopped
	}
	if err == nil {
		os.Remove(filepath.Join(dir, badList)) // of an earlier try
	}
	return s.cacheWriteError(err)
}

// cacheWriteError says what the cache needs, if there is an error.
func (s *Set) cacheWriteError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("dataset: crop cache of %d MB: %w", s.Len()*face.CropSize/1_000_000+1, err)
}
