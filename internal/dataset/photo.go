package dataset

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"

	"github.com/sphereface-go/sphereface/internal/face"
)

// content is the SHA-256 of an image's file, or zeros for one that cannot be read.
type content [sha256.Size]byte

// aligned is what becomes of a photo.
type aligned struct {
	crop    face.Crop
	state   cropState
	content content
}

// alignPhoto reads a photo once, for its crop and for its content, so that the two
// belong together whatever happens to the file.
func alignPhoto(ctx context.Context, path string, align face.Alignment, limits face.Limits) (_ aligned, err error) {
	running := ctx
	ctx, cancel := face.WithTime(ctx, face.DefaultTime)
	defer cancel()
	defer func() {
		if err != nil && ctx.Err() != nil && running.Err() == nil {
			err = fmt.Errorf("dataset: %s: %w", path, context.Cause(ctx))
		}
	}()
	f, err := limits.Open(path)
	if err != nil {
		return aligned{}, err
	}
	defer f.Close()
	sum := sha256.New()
	img, release, err := limits.DecodeHeld(ctx, io.TeeReader(f, sum), path)
	if err != nil {
		return aligned{}, err
	}
	defer release()
	framing, err := align.FrameOrFixed(ctx, img)
	var crop face.Crop
	if err == nil {
		crop, err = face.Cut(ctx, img, framing.Transform)
	}
	if err != nil {
		return aligned{}, fmt.Errorf("dataset: %s: %w", path, err)
	}
	return aligned{crop, stateOf(framing), content(sum.Sum(nil))}, nil
}

func stateOf(f face.Framing) cropState {
	switch {
	case f.NoFace:
		return cropNoFace
	case f.Face != nil && f.Face.Quality() < face.PoorQuality:
		return cropOfPoorFace
	}
	return cropOfFace
}

// align makes the crop of image i, of a photo or of a generated face.
func (s *Set) align(ctx context.Context, i int, limits face.Limits) (aligned, error) {
	if s.Align != "" {
		return alignPhoto(ctx, s.Images[i].Path, s.Align, limits)
	}
	crop, err := s.view(i, face.Crop{})
	return aligned{crop: crop, state: cropOfFace}, err
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

// contentOf reads what alignPhoto would: no pipe, which may never end, and no file
// that is larger than a photo.
func contentOf(path string) (content, error) {
	f, err := face.Open(path)
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
