package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncTree brings everything in dir to the disk, with one call for all files.
func syncTree(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return unix.Syncfs(int(d.Fd()))
}
