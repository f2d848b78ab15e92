package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// writeHeld leaves in the run directory what others need to repeat the
// validation: the list of pairs, and the faces where the run made them itself.
func (s *session) writeHeld(ctx context.Context) error {
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
		err = s.held.Set.WriteTree(ctx, temp, nil)
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
