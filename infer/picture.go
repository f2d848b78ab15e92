package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// checkPicture makes sure, before the work, that the file of a flag can become a
// picture: that it is named as one and none of the files that are read.
func checkPicture(flag, path string, read ...string) error {
	target, err := os.Stat(path)
	device := err == nil && !target.Mode().IsRegular()
	if !device && !strings.EqualFold(filepath.Ext(path), ".png") {
		return fmt.Errorf("%s %s: the picture is a PNG: name a file that ends in .png", flag, path)
	}
	if err == nil {
		for _, name := range read {
			if info, err := os.Stat(name); err == nil && os.SameFile(info, target) {
				return fmt.Errorf("%s %s: would replace %s, which is read: name another file", flag, path, name)
			}
		}
	}
	if err := atomicfile.Probe(path); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}
