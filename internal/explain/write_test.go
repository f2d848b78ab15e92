package explain

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWrite(t *testing.T) {
	p := photo(waves(120, 80), faceAt(60, 40, 50))
	path := filepath.Join(t.TempDir(), "out.png")
	if err := Write(path, p, p, 0.5, 0.3); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	want := drawn(t, p, p, 0.5, 0.3)
	for y := range want.Rect.Dy() {
		for x := range want.Rect.Dx() {
			r, g, b, a := got.At(x, y).RGBA()
			wr, wg, wb, wa := want.At(x, y).RGBA()
			if r != wr || g != wg || b != wb || a != wa {
				t.Fatalf("pixel (%d, %d) of the file is not that of the picture", x, y)
			}
		}
	}
}

func TestWriteError(t *testing.T) {
	p := photo(waves(20, 20))
	dir := t.TempDir()
	path := filepath.Join(dir, "missing", "out.png")
	err := Write(path, p, p, 0.5, 0.3)
	if err == nil {
		t.Fatal("no error for a folder that is not there")
	}
	if text := err.Error(); !strings.HasPrefix(text, "explain: ") || !strings.Contains(text, path) || strings.Contains(text, "\n") {
		t.Errorf("error %q is not one line that names %s", text, path)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
