package sphereface_test

import (
	"errors"
	"image"
	"image/color"
	"math"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface"
)

// However the face of an image is given, its embedding is the same.
func TestWaysToEmbed(t *testing.T) {
	m, img := open(t, detecting), read(t, portrait)
	want, err := m.Embed(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	faces, err := sphereface.Detect(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	given, err := sphereface.CutFace(img, faces[0])
	if err != nil {
		t.Fatal(err)
	}
	taken, err := sphereface.TakeCrop(given.Image())
	if err != nil {
		t.Fatal(err)
	}
	embeddings, err := m.EmbedCrops(t.Context(), []sphereface.Crop{given, taken, {Pix: given.Pix}})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := m.Embed(t.Context(), given.Image()) // of a crop's size: no face is looked for
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range append(embeddings, whole) {
		near(t, got, want, i)
	}
}

// near allows what a batch of another size changes in the last bits.
func near(t *testing.T, got, want []float32, what any) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%v: %d elements, want %d", what, len(got), len(want))
	}
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-5 {
			t.Errorf("%v: element %d is %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}

// The second half of an embedding is the first half of the mirrored crop's.
func TestMirror(t *testing.T) {
	m, img := open(t, sphereface.Options{}), read(t, portrait)
	crop, err := sphereface.NewPhoto(t.Context(), img, m.Alignment())
	if err != nil {
		t.Fatal(err)
	}
	mirrored := image.NewRGBA(image.Rect(0, 0, sphereface.CropWidth, sphereface.CropHeight))
	for y := range sphereface.CropHeight {
		for x := range sphereface.CropWidth {
			mirrored.Set(sphereface.CropWidth-1-x, y, crop.Crops[0].Image().At(x, y))
		}
	}
	a, err := m.EmbedCrops(t.Context(), crop.Crops)
	if err != nil {
		t.Fatal(err)
	}
	b, err := m.Embed(t.Context(), mirrored)
	if err != nil {
		t.Fatal(err)
	}
	half := m.Size() / 2
	near(t, b, slices.Concat(a[0][half:], a[0][:half]), "the mirrored crop")
}

// More crops than are computed at once are computed as each alone.
func TestManyCrops(t *testing.T) {
	m := open(t, sphereface.Options{Threads: 1})
	var images []image.Image
	var crops []sphereface.Crop
	for i := range 37 {
		img := plain(96, 112, color.RGBA{uint8(7 * i), uint8(200 - 3*i), uint8(i * i), 255})
		crop, err := sphereface.TakeCrop(img)
		if err != nil {
			t.Fatal(err)
		}
		images, crops = append(images, img), append(crops, crop)
	}
	got, err := m.EmbedCrops(t.Context(), crops)
	if err != nil {
		t.Fatal(err)
	}
	all, err := m.EmbedAll(t.Context(), images)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(crops) || len(all) != len(crops) {
		t.Fatalf("%d and %d embeddings of %d crops", len(got), len(all), len(crops))
	}
	for i, img := range images {
		one, err := m.Embed(t.Context(), img)
		if err != nil {
			t.Fatal(err)
		}
		near(t, got[i], one, i)
		near(t, all[i], one, i)
	}
	if none, err := m.EmbedCrops(t.Context(), nil); err != nil || len(none) != 0 {
		t.Errorf("of no crops: %v, %v", none, err)
	}
}

func TestEmbedErrors(t *testing.T) {
	m := open(t, detecting)
	wall := plain(300, 200, color.Gray{90})
	_, err := m.Embed(t.Context(), wall)
	if _, ok := errors.AsType[*sphereface.NoFaceError](err); !ok {
		t.Errorf("a wall: %v, want a *NoFaceError", err)
	}
	_, err = m.EmbedAll(t.Context(), []image.Image{read(t, portrait), wall})
	oneLine(t, err, "sphereface: image 1: no face found")
	_, err = m.EmbedCrops(t.Context(), []sphereface.Crop{{Pix: make([]uint8, 5)}})
	oneLine(t, err, "sphereface: crop 0 has 5 bytes, want 32256")
}
