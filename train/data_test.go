package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// The next command is one that works: training reads no archive.
func TestNextAfterData(t *testing.T) {
	for _, tt := range []struct{ root, archive, want string }{
		{"data/lfw", "", ": PROGRAM --config configs/lfw.yaml --data.root data/lfw"},
		{"arch/lfw.tar", "lfw.tar", " unpack it: PROGRAM data --root arch --fetch"},
		{"lfw.tgz", "lfw.tgz", " unpack it: PROGRAM data --root . --fetch"},
		{"arch/faces.zip", "lfw.zip", " rename it to lfw.zip, then unpack it: PROGRAM data --root arch --fetch"},
	} {
		if got := filepath.ToSlash(next(tt.root, tt.archive)); got != strings.ReplaceAll(tt.want, "PROGRAM", filepath.ToSlash(program())) {
			t.Errorf("after %s: %q, want %q", tt.root, got, tt.want)
		}
	}
}
