package main

import (
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
)

func TestPhotoFiles(t *testing.T) {
	folder := t.TempDir()
	touch := func(names ...string) {
		for _, name := range names {
			path := filepath.Join(folder, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	touch("a/pairs.txt")
	_, err := photoFiles(folder)
	wantError(t, err, "there is no .jpg file in it: name a folder with photos")
	_, err = photoFiles(filepath.Join(folder, "there"))
	wantError(t, err, "--photos: ")

	touch("b/2.JPEG", "a/1.jpg")
	got, err := photoFiles(folder)
	if want := []string{filepath.Join(folder, "a/1.jpg"), filepath.Join(folder, "b/2.JPEG")}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, want %q (error %v)", got, want, err)
	}
	for i := range 3 * photoCount {
		touch(fmt.Sprintf("c/%04d.jpg", i))
	}
	got, err = photoFiles(folder)
	if err != nil || len(got) != photoCount || len(slices.Compact(slices.Clone(got))) != photoCount || filepath.Base(got[photoCount-1]) < "0380.jpg" {
		t.Errorf("%d files, the last %s; want %d different ones from all of the folder (error %v)", len(got), got[len(got)-1], photoCount, err)
	}
}

// The photo with a face counts, the one without is embedded all the same.
func TestPhotosRun(t *testing.T) {
	model, err := sphereface.Open("../../testdata/sphereface4-tiny.onnx", sphereface.Options{Library: orttest.Library(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer model.Close()
	wall := filepath.Join(t.TempDir(), "wall.png")
	f, err := os.Create(wall)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, image.NewGray(image.Rect(0, 0, 250, 250))); err != nil {
		t.Fatal(err)
	}
	p := &photos{paths: []string{"../../testdata/faces/astronaut.jpg", wall}, model: model}
	took, err := p.run(t.Context(), 2)
	if err != nil || len(took) != 2 || !slices.Equal(p.found, []float64{1, 1}) {
		t.Errorf("times %v, faces %v, want one face in two runs (error %v)", took, p.found, err)
	}
}

func TestPhotoSpec(t *testing.T) {
	dir := t.TempDir()
	path, err := photoSpec{Threads: 3, Photos: []string{"x.jpg"}, Eyes: 35.5}.write([]byte("model"), dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s photoSpec
	if err := json.Unmarshal(text, &s); err != nil || s.Threads != 3 || s.Eyes != 35.5 || !slices.Equal(s.Photos, []string{"x.jpg"}) {
		t.Errorf("%s: %+v, error %v", text, s, err)
	}
	if data, err := os.ReadFile(s.Model); err != nil || string(data) != "model" {
		t.Errorf("model %q, error %v", data, err)
	}
}
