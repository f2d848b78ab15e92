package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// filesIn are the files in a folder.
func filesIn(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// pixels are those of a PNG as a crop has them.
func pixels(t *testing.T, path string) []byte {
	t.Helper()
	crop, err := face.Cut(t.Context(), decodePNG(t, path), face.Transform{A: 1})
	if err != nil {
		t.Fatal(err)
	}
	return crop.Pix
}

// The crop is that of training, byte for byte.
func TestCrop(t *testing.T) {
	two := scene(t, "two.jpg", 250, 200)
	for _, alignment := range face.Alignments() {
		out := filepath.Join(t.TempDir(), "made", "deep")
		code, stdout, stderr := infer(t, "crop", "--alignment", string(alignment), "--out", out, portrait, two)
		if code != 0 || stdout+stderr != "" {
			t.Fatalf("exit code %d, %s%s", code, stdout, stderr)
		}
		if got := filesIn(t, out); !slices.Equal(got, []string{"astronaut.png", "two.png"}) {
			t.Errorf("files %q", got)
		}
		for path, photo := range map[string]string{"astronaut.png": portrait, "two.png": two} {
			want, _, err := alignment.ReadCropOrFixed(t.Context(), photo)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(pixels(t, filepath.Join(out, path)), want.Pix) {
				t.Errorf("%s, %s: another crop than in training", alignment, path)
			}
		}
	}
}

func TestCropAll(t *testing.T) {
	out, two := t.TempDir(), scene(t, "two.jpg", 250, 200)
	if code, _, stderr := infer(t, "crop", "--all", "--out", out, portrait, two); code != 0 || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	if got := filesIn(t, out); !slices.Equal(got, []string{"astronaut_face1.png", "two_face1.png", "two_face2.png"}) {
		t.Errorf("files %q", got)
	}
	if bytes.Equal(pixels(t, filepath.Join(out, "two_face1.png")), pixels(t, filepath.Join(out, "two_face2.png"))) {
		t.Error("the two faces have the same crop")
	}
}

// A photo without a face is a line; the others have their crops.
func TestCropWithoutFace(t *testing.T) {
	out, wall := t.TempDir(), plain(t, "wall.png", red, 300, 200)
	code, stdout, stderr := infer(t, "crop", "--out", out, wall, portrait)
	if code != exitDifferent || stdout != "" || !strings.HasPrefix(stderr, "infer: sphereface: "+wall+": no face found in 300×200 pixels; ") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("exit code %d, %q, %q", code, stdout, stderr)
	}
	if got := filesIn(t, out); !slices.Equal(got, []string{"astronaut.png"}) {
		t.Errorf("files %q", got)
	}
}

func TestCropErrors(t *testing.T) {
	dir := t.TempDir()
	a := plain(t, filepath.Join(dir, "a", "x.png"), red, 96, 112)
	b := plain(t, filepath.Join(dir, "b", "X.png"), red, 96, 112)
	out := filepath.Join(dir, "out")
	trouble(t, "crop takes images or folders and --out DIR", "crop", "--out", out)
	trouble(t, "crop takes images or folders and --out DIR", "crop", a)
	trouble(t, a+" and "+b+": their crops would have the same name; crop them into two folders", "crop", "--out", out, a, b)
	trouble(t, a+" and "+a+": their crops would have the same name", "crop", "--out", out, a, a)
	trouble(t, "--out "+filepath.Dir(a)+": holds the photo "+a+", which a crop might replace; name another folder", "crop", "--out", filepath.Dir(a), a)
	trouble(t, "--alignment square: one of detect, fixed; see infer crop --help", "crop", "--alignment", "square", "--out", out, a)
	if _, err := os.Stat(out); err == nil {
		t.Error("the folder was made before the arguments were checked")
	}
	trouble(t, "--out: mkdir "+a+": not a directory", "crop", "--out", filepath.Join(a, "x"), b)
	bad := write(t, "bad.jpg", []byte("this is text"))
	trouble(t, "bad.jpg: not an image", "crop", "--out", out, bad)
	// An older crop is replaced.
	if code, _, stderr := infer(t, "crop", "--out", out, a); code != 0 {
		t.Fatal(stderr)
	}
	if code, _, stderr := infer(t, "crop", "--out", out, a); code != 0 {
		t.Error(stderr)
	}
}
