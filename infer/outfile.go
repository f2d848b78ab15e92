package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// outFile is a file that a flag asks for besides the result.
type outFile struct {
	flag, path string
	endings    []string // of its name, which say its format; none: any will do
}

// check makes sure, before the work, that the file can be written: that its name says a
// format and is none of the files that are read.
func (f outFile) check(read ...string) error {
	if !f.device() && len(f.endings) > 0 && !slices.Contains(f.endings, f.ending()) {
		return fmt.Errorf("%s %s: name a file that ends in %s", f.flag, f.path, strings.Join(f.endings, " or "))
	}
	for _, name := range read {
		if atomicfile.Same(f.path, name) {
			return fmt.Errorf("%s %s: would replace %s, which is read: name another file", f.flag, f.path, name)
		}
	}
	if err := atomicfile.Probe(f.path); err != nil {
		return fmt.Errorf("%s: %w", f.flag, err)
	}
	return nil
}

// ending is that of the file's name, in lower case.
func (f outFile) ending() string { return strings.ToLower(filepath.Ext(f.path)) }

// apart makes sure that no file is to be written twice. Files without a path are not
// asked for, and a device is no file.
func apart(files ...outFile) error {
	for i, a := range files {
		for _, b := range files[:i] {
			if a.path != "" && b.path != "" && a.place() == b.place() && !a.device() {
				return fmt.Errorf("%s and %s are both %s: name two files", b.flag, a.flag, a.path)
			}
		}
	}
	return nil
}

// place is the file's absolute path, its folder without links.
func (f outFile) place() string {
	path, err := filepath.Abs(f.path)
	if err != nil {
		return f.path
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(folder, filepath.Base(path))
	}
	return path
}

// device tells whether what is there is no regular file.
func (f outFile) device() bool {
	info, err := os.Stat(f.path)
	return err == nil && !info.Mode().IsRegular()
}
