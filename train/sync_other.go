//go:build !linux

package main

import (
	"io/fs"
	"os"
	"path/filepath"
)

// syncTree brings everything in dir to the disk.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		f, err := os.OpenFile(path, os.O_RDWR, 0) // Windows syncs none that is open for reading
		if err != nil {
			return err
		}
		defer f.Close()
		return f.Sync()
	})
}
