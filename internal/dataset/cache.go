package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/sphereface-go/sphereface/internal/face"
)

// CacheOptions says where and how the crops of a set are kept.
type CacheOptions struct {
	Dir      string   // folder of the cache files; "": DefaultCacheDir
	Workers  int      // images read or aligned at the same time; 0: one a core
	Progress Progress // counts images; one call at a time; may be nil
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
// each. It reads every image once, and aligns those of whose content the folder has
// no crop of the same alignment: photos that were copied, renamed or touched cost
// nothing, and one that has changed always counts as new. The file appears whole;
// of work that ctx or bad images stop, the crops that are made are kept for the
// next time. Images that cannot be used are counted in the error, which names the
// first of them; where they are many, all are listed in the file bad-images.txt in
// the cache's folder. A set of generated faces is returned as it is.
//
// A photo in which no face is found has the crop of face.AlignFixed, and is marked
// by Image.NoFace; see Set.WithFaces.
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
	path, err := s.cachePath(o.Dir)
	if err != nil {
		return nil, err
	}
	photos, err := s.contents(ctx, o)
	if err != nil {
		return nil, err
	}
	file, err := openWhole(ctx, path, settingsOf(s.Align), photos, o)
	if isStop(ctx, err) {
		return nil, err
	}
	if err != nil { // missing, of other photos, or damaged
		if err := s.buildCache(ctx, path, photos, o); err != nil {
			return nil, err
		}
		file, err = openWhole(ctx, path, settingsOf(s.Align), photos, o)
		if isStop(ctx, err) {
			return nil, err
		}
		if err != nil {
			return nil, fmt.Errorf("dataset: crop cache %s cannot be read back: %w; check the disk, or choose another folder", path, err)
		}
	}
	cached := *s
	cached.closer = file
	cached.Images = slices.Clone(s.Images)
	for i := range cached.Images {
		state := file.state(i)
		cached.Images[i].NoFace, cached.Images[i].Poor = state == cropNoFace, state == cropOfPoorFace
	}
	cached.view = func(i int, scratch face.Crop) (face.Crop, error) {
		crop, err := file.crop(i, scratch)
		if err != nil {
			return face.Crop{}, fmt.Errorf("dataset: crop of %s in the cache %s: %w; start again to have it rebuilt", s.Images[i].Path, path, err)
		}
		return crop, nil
	}
	return &cached, nil
}

// cachePath returns the set's cache file. Its name depends on the images' paths and
// the alignment alone, so that the file of changed images replaces the old one.
func (s *Set) cachePath(dir string) (string, error) {
	names := sha256.New()
	fmt.Fprintf(names, "%s\n", s.Align)
	for _, img := range s.Images {
		abs, err := filepath.Abs(img.Path)
		if err != nil {
			return "", fmt.Errorf("dataset: %s: %w", img.Path, err)
		}
		fmt.Fprintf(names, "%q\n", abs)
	}
	return filepath.Join(dir, "crops-"+hex.EncodeToString(names.Sum(nil)[:8])+".bin"), nil
}

// openWhole opens a cache that has the crops of photos of the given contents.
func openWhole(ctx context.Context, path string, settings cropSettings, photos []content, o CacheOptions) (*cropFile, error) {
	file, err := openCropFile(path, settings)
	if err != nil {
		return nil, err
	}
	if err := file.check(ctx, photos, o); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
