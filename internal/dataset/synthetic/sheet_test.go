package synthetic

import (
	"flag"
	"image"
	"image/draw"
	"image/png"
	"os"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

var sheet = flag.String("sheet", "", "write a contact sheet, a person a row, to this PNG file")

// TestSheet is for the eye: go test -run Sheet -sheet faces.png.
func TestSheet(t *testing.T) {
	const people, images = 10, 8
	g := New(1)
	out := image.NewRGBA(image.Rect(0, 0, images*face.CropWidth, people*face.CropHeight))
	for p := range people {
		for i := range images {
			at := image.Rect(i*face.CropWidth, p*face.CropHeight, (i+1)*face.CropWidth, (p+1)*face.CropHeight)
			draw.Draw(out, at, g.Crop(p, i).Image(), image.Point{}, draw.Src)
		}
	}
	if *sheet == "" {
		return
	}
	f, err := os.Create(*sheet)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, out); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkCrop(b *testing.B) {
	g := New(1)
	for i := 0; b.Loop(); i++ {
		g.Crop(i/10, i)
	}
}
