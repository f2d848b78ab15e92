package face

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files in testdata again")

// The crop of the portrait, byte by byte: training and inference rely on it on
// every processor. It is kept as a picture, so that one sees what it is.
func TestDetectedCropGolden(t *testing.T) {
	got, err := readCrop(t, AlignDetect, portraitFile)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "astronaut-crop.png")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, encodePNG(t, got.Image()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if want := mustCut(t, img, Transform{A: 1}); !bytes.Equal(got.Pix, want.Pix) {
		worst := 0
		for i := range got.Pix {
			worst = max(worst, abs(int(got.Pix[i])-int(want.Pix[i])))
		}
		t.Errorf("the crop differs from %s by up to %d grey levels; if that is meant, write it again with -update", path, worst)
	}
}
