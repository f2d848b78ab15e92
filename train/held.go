package main

import (
	"bufio"
	"errors"
	"fmt"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/dataset"
)

// writeHeld leaves in the run directory what others need to repeat the
// validation: the list of pairs, and the faces where the run made them itself.
func (s *session) writeHeld() error {
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
	// All faces or no folder: it gets its name when they are all there.
	temp := filepath.Join(filepath.Dir(dir), "."+filepath.Base(dir)+".tmp")
	err := os.RemoveAll(temp)
	if err == nil {
		err = writeFaces(temp, s.held.Set)
	}
	if err == nil {
		err = os.Rename(temp, dir)
	}
	if err != nil {
		_ = os.RemoveAll(temp)
		return fmt.Errorf("write the held-out faces to %s: %w", dir, err)
	}
	return nil
}

// writeFaces writes every crop as dir/NAME/NAME_0001.png, and so on.
func writeFaces(dir string, set *dataset.Set) error {
	for i := range set.Len() {
		ref := set.Ref(i)
		folder := filepath.Join(dir, ref.Name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		crop, err := set.Crop(i)
		if err != nil {
			return err
		}
		f, err := os.Create(filepath.Join(folder, ref.String()+".png"))
		if err != nil {
			return err
		}
		w := bufio.NewWriter(f)
		err = png.Encode(w, crop.Image())
		if err == nil {
			err = w.Flush()
		}
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return err
		}
	}
	return nil
}
