package main

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/report"
)

// writeLists leaves in the run directory what is known of its data.
func (s *session) writeLists(ctx context.Context, stderr io.Writer) error {
	if err := s.writePhotoLists(); err != nil {
		return err
	}
	return s.writeHeld(ctx, stderr)
}

// writeHeld leaves in the run directory what others need to repeat the
// validation: the list of pairs, and the faces where the run made them itself.
func (s *session) writeHeld(ctx context.Context, stderr io.Writer) error {
	if s.held.Set == nil {
		return nil
	}
	if err := s.held.List.WriteFile(s.run.Pairs()); err != nil {
		return err
	}
	if s.config.Data.Source != "synthetic" {
		return nil
	}
	dir := s.run.Faces()
	if _, err := os.Stat(dir); err == nil {
		return nil // of before the run was resumed
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// All faces or no folder: it gets its name when they are all there and on the
	// disk, which is asked for once instead of for every file.
	temp := filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+".tmp")
	err := os.RemoveAll(temp)
	if err == nil {
		err = s.writeFaces(ctx, temp, stderr)
	}
	if err == nil {
		err = syncTree(temp)
	}
	if err == nil {
		err = os.Rename(temp, dir)
	}
	if err != nil {
		_ = os.RemoveAll(temp)
		return fmt.Errorf("write the held-out faces to %s: %w", dir, atomicfile.Advise(err))
	}
	return nil
}

// writeFaces writes the held-out faces as NAME/NAME_0001.png and so on.
func (s *session) writeFaces(ctx context.Context, dir string, stderr io.Writer) error {
	set := s.held.Set
	progress := report.NewProgress(stderr, report.ProgressOptions{Title: "writing held-out faces", Unit: "images", Total: set.Len()})
	defer progress.Finish()
	for i := range set.Len() {
		if err := ctx.Err(); err != nil {
			return err
		}
		crop, err := set.Crop(i)
		if err != nil {
			return err
		}
		ref := set.Ref(i)
		folder := filepath.Join(dir, ref.Name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		f, err := os.Create(filepath.Join(folder, ref.String()+".png"))
		if err != nil {
			return err
		}
		err = png.Encode(f, crop.Image())
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
		progress.Add(1)
	}
	return nil
}
