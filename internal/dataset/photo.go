package dataset

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/sphereface-go/sphereface/internal/face"
)

// content is the SHA-256 of an image's file, or zeros for one that cannot be read.
type content [sha256.Size]byte

// aligned is what becomes of a photo.
type aligned struct {
	crop    face.Crop
	found   bool // whether the crop is of a face that was found in it
	content content
}

// alignPhoto reads a photo once, for its crop and for its content, so that the two
// belong together whatever happens to the file.
func alignPhoto(ctx context.Context, path string, align face.Alignment) (aligned, error) {
	f, err := face.Open(path)
	if err != nil {
		return aligned{}, err
	}
	defer f.Close()
	sum := sha256.New()
	img, err := face.DefaultLimits().Decode(ctx, io.TeeReader(f, sum), path)
	if err != nil {
		return aligned{}, err
	}
	t, found, err := align.TransformOrFixed(ctx, img)
	if err != nil {
		return aligned{}, fmt.Errorf("dataset: %s: %w", path, err)
	}
	return aligned{face.Cut(img, t), found, content(sum.Sum(nil))}, nil
}

// align makes the crop of image i, of a photo or of a generated face.
func (s *Set) align(ctx context.Context, i int) (aligned, error) {
	if s.Align != "" {
		return alignPhoto(ctx, s.Images[i].Path, s.Align)
	}
	crop, err := s.view(i, face.Crop{})
	return aligned{crop: crop, found: true}, err
}

// contents reads the files of all images. What is wrong with one that cannot be
// read is said by whoever makes its crop.
func (s *Set) contents(ctx context.Context, o CacheOptions) ([]content, error) {
	all := make([]content, s.Len())
	err := o.each(ctx, "checking photos", s.Len(), func(_ context.Context, i int) error {
		all[i], _ = contentOf(s.Images[i].Path)
		return nil
	})
	return all, err
}

func contentOf(path string) (content, error) {
	info, err := os.Stat(path)
	if err != nil {
		return content{}, err
	}
	if !info.Mode().IsRegular() { // to open a pipe would wait for its writer
		return content{}, errors.New("no regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return content{}, err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return content{}, err
	}
	return content(sum.Sum(nil)), nil
}
