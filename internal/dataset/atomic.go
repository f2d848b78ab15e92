package dataset

import (
	"fmt"
	"os"
	"path/filepath"
)

// writeFile calls write with a temporary file beside path, and gives it that
// name once it is on the disk. On any error the file at path is as it was.
func writeFile(path string, write func(*os.File) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	return nil
}
