package explain

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files again")

// unlike is by how much a value of a pixel may differ from the golden's. On the
// processor that made the golden none does. Others fuse multiplications and
// additions, which moves an edge by a small part of a pixel.
const unlike = 8

func TestGolden(t *testing.T) {
	small := faceAt(500, 260, 70)
	poor := faceAt(130, 120, 110)
	poor.Sharpness = 0.01
	group := photo(waves(1600, 1000), small, faceAt(300, 300, 150), faceAt(1100, 320, 210))
	group.Name = "a folder with a name/that is by far too long for the room over a photo/group.jpg"
	portrait := photo(waves(250, 250), poor)
	noFace := photo(waves(120, 160))
	noFace.Name = "Müller, Ωμέγα.jpg"
	noFace.Crop = portrait.Crop
	noFace.Corners = [4][2]float64{{20, 30}, {100, 25}, {105, 120}, {25, 125}}
	for _, g := range []struct {
		path                  string
		a, b                  Photo
		similarity, threshold float64
	}{
		{"testdata/different.png", group, portrait, 0.1082, 0.321},
		{"testdata/same.png", noFace, portrait, 0.6123, 0.5},
	} {
		got := drawn(t, g.a, g.b, g.similarity, g.threshold)
		if *update {
			if err := Write(g.path, g.a, g.b, g.similarity, g.threshold); err != nil {
				t.Fatal(err)
			}
		}
		compareGolden(t, g.path, got)
	}
	crop := portrait.Crop
	mistakes := []Mistake{
		{crop, noFace.Crop, "Ann_0001", "Ann_0012", true, 0.1012, 0.25},
		{crop, crop, "A name that is by far too long for the room below a crop_0001", "Bob_0002", false, 0.7345, 0.25},
	}
	for range 5 {
		mistakes = append(mistakes, Mistake{crop, crop, "Cid_0001", "Dan_0001", false, 0.3, 0.25})
	}
	got := DrawMistakes(mistakes, 1, 123).(*image.RGBA)
	if *update {
		if err := WriteMistakes("testdata/mistakes.png", mistakes, 1, 123); err != nil {
			t.Fatal(err)
		}
	}
	compareGolden(t, "testdata/mistakes.png", got)
}

func compareGolden(t *testing.T, path string, got *image.RGBA) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() {
		t.Errorf("%s: %v, want %v", path, got.Bounds(), want.Bounds())
		return
	}
	bad := 0
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			r, g, b, _ := got.At(x, y).RGBA()
			wr, wg, wb, _ := want.At(x, y).RGBA()
			if apart(r, wr) > unlike || apart(g, wg) > unlike || apart(b, wb) > unlike {
				bad++
			}
		}
	}
	if bad > 0 {
		t.Errorf("%s: %d pixels differ; look at the pictures, and if the new one is right run with -update", path, bad)
	}
}

// apart returns the difference of two 16-bit values in 8-bit ones.
func apart(a, b uint32) int { return max(int(a>>8)-int(b>>8), int(b>>8)-int(a>>8)) }

func TestSameBytes(t *testing.T) {
	p := photo(waves(300, 200), faceAt(150, 100, 90))
	a, b := drawn(t, p, p, 0.4, 0.3), drawn(t, p, p, 0.4, 0.3)
	if !bytes.Equal(a.Pix, b.Pix) {
		t.Error("the same arguments gave different pixels")
	}
}
