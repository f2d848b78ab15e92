package sphereface_test

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/ort"
	"github.com/sphereface-go/sphereface/internal/ort/module"
)

const (
	// tiny is a trained network of 28 thousand parameters, whose alignment is fixed.
	tiny = "testdata/sphereface4-tiny.onnx"
	// portrait shows one face.
	portrait = "testdata/faces/astronaut.jpg"
)

// TestMain lets the examples find ONNX Runtime as a program that is installed does.
func TestMain(m *testing.M) {
	library, _, err := module.Library(context.Background(), runtime.GOOS, runtime.GOARCH, os.Stderr)
	if err == nil {
		err = os.Setenv(ort.LibraryVariable, library)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// detecting supplies the tiny model with the other alignment.
var detecting = sphereface.Options{Threads: 1, Metadata: map[string]string{"alignment": "detect"}}

func open(t testing.TB, o sphereface.Options) *sphereface.Model {
	t.Helper()
	m, err := sphereface.Open(tiny, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

func read(t testing.TB, path string) image.Image {
	t.Helper()
	img, err := sphereface.ReadFile(context.Background(), path, sphereface.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// plain is an image of one colour, in which there is no face.
func plain(w, h int, c color.Color) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

// twice is an image that shows another one and, to the right of it, its part within
// r, so that there are two faces.
func twice(img image.Image, r image.Rectangle) image.Image {
	b := img.Bounds()
	both := image.NewRGBA(image.Rect(0, 0, b.Dx()+r.Dx(), b.Dy()))
	draw.Draw(both, b, img, b.Min, draw.Src)
	draw.Draw(both, image.Rect(b.Dx(), 0, both.Rect.Dx(), r.Dy()), img, r.Min, draw.Src)
	return both
}

// save writes an image in the format of its name's extension.
func save(t testing.TB, path string, img image.Image) string {
	t.Helper()
	if !filepath.IsAbs(path) {
		path = filepath.Join(t.TempDir(), path)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(path) == ".jpg" {
		err = jpeg.Encode(f, img, &jpeg.Options{Quality: 90})
	} else {
		err = png.Encode(f, img)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}
