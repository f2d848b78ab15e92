package dataset

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// A cache that was made by other code than today's must not be used: whoever
// changes what package face makes of a photo changes cropVersion, and then this.
// The photos take every way through that package.
func TestCropVersion(t *testing.T) {
	root := t.TempDir()
	for name, data := range variedPhotos(t) {
		writeTo(t, filepath.Join(root, "Ann", name), data)
	}
	sum := sha256.New()
	for _, align := range face.Alignments() {
		photos, err := Folder(root, 1, align)
		if err != nil {
			t.Fatal(err)
		}
		s, err := photos.InMemory(t.Context(), CacheOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for i, img := range s.Images {
			fmt.Fprintln(sum, filepath.Base(img.Path), img.NoFace, img.Poor)
			sum.Write(mustCrop(t, s, i).Pix)
		}
	}
	got := fmt.Sprintf("%d %s", cropVersion, hex.EncodeToString(sum.Sum(nil)[:8]))
	if want := "2 3711ee3df3ca6082"; got != want {
		t.Errorf("version and crops are %s, want %s: count cropVersion up", got, want)
	}
}

func variedPhotos(t *testing.T) map[string][]byte {
	t.Helper()
	data, err := os.ReadFile("../../testdata/faces/astronaut.jpg")
	if err != nil {
		t.Fatal(err)
	}
	portrait, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	encoded := func(img image.Image) []byte {
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	size := portrait.Bounds().Size()
	head := image.Rect(140, 20, 320, 250)
	two := image.NewNRGBA(image.Rect(0, 0, 2*head.Dx(), head.Dy()))
	draw.Draw(two, two.Rect, portrait, head.Min, draw.Src)
	draw.Draw(two, image.Rectangle{image.Pt(head.Dx(), 0), two.Rect.Max}, portrait, head.Min, draw.Src)
	deep, grey := image.NewNRGBA64(portrait.Bounds()), image.NewGray(portrait.Bounds())
	draw.Draw(deep, deep.Rect, portrait, image.Point{}, draw.Src)
	draw.Draw(grey, grey.Rect, portrait, image.Point{}, draw.Src)
	// A JPEG's EXIF segment: stored a quarter turn anticlockwise.
	exif := []byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")
	return map[string][]byte{
		"upright.jpg":  data,
		"exif.jpg":     bytes.Join([][]byte{data[:2], exif, data[2:]}, nil),
		"leaning.png":  encoded(turned(portrait, size, 12, 1)),
		"turned.png":   encoded(turned(portrait, size, 35, 1)),
		"sideways.png": encoded(turned(portrait, size, 90, 1)),
		"inverted.png": encoded(turned(portrait, size, 180, 1)),
		"large.png":    encoded(turned(portrait, size.Mul(3), 0, 3)),
		"small.png":    encoded(turned(portrait, size.Div(3), 0, 1.0/3)),
		"two.png":      encoded(two),
		"cut.png": encoded(portrait.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(image.Rect(190, 60, 512, 300))),
		"deep.png":       encoded(deep),
		"grey.png":       encoded(grey),
		"noise.jpg":      photo(t, 250, 250, 1),
		"wide noise.jpg": photo(t, 120, 90, 3),
	}
}

// turned is an image turned clockwise by degrees about its centre and enlarged by a
// factor, on a canvas of a size.
func turned(img image.Image, size image.Point, degrees, factor float64) image.Image {
	out := image.NewNRGBA(image.Rectangle{Max: size})
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	b := img.Bounds()
	for y := range size.Y {
		for x := range size.X {
			u, v := (float64(x)-float64(size.X-1)/2)/factor, (float64(y)-float64(size.Y-1)/2)/factor
			// Rounded to a thousandth first, which is the same on every processor.
			at := func(p float64, n int) int { return int(math.Round(math.Round(1000*p)/1000 + float64(n-1)/2 + 1e-4)) }
			p := image.Pt(at(float64(u*cos)+float64(v*sin), b.Dx()), at(float64(v*cos)-float64(u*sin), b.Dy()))
			var c color.Color = color.Black
			if p.In(image.Rectangle{Max: b.Size()}) {
				c = img.At(b.Min.X+p.X, b.Min.Y+p.Y)
			}
			out.Set(x, y, c)
		}
	}
	return out
}
