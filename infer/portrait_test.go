package main

import (
	"context"
	"image"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// portrait is a photo with one face, 106 pixels wide, near (223, 113).
const portrait = "../testdata/faces/astronaut.jpg"

// around is the part of the portrait that shows its face.
var around = image.Rect(98, 0, 348, 250)

// scene writes a JPEG that shows the portrait's face so many times in a row, each
// scaled: a side of 250 pixels is the portrait's own scale.
func scene(t testing.TB, name string, sides ...int) string {
	t.Helper()
	img, err := face.ReadFile(t.Context(), portrait)
	if err != nil {
		t.Fatal(err)
	}
	width, height := 0, 0
	for _, side := range sides {
		width, height = width+side, max(height, side)
	}
	all := image.NewRGBA(image.Rect(0, 0, width, height))
	x := 0
	for _, side := range sides {
		scale := float64(side) / float64(around.Dx())
		part, _ := face.Warp(context.Background(), img, face.Transform{A: scale, TX: -scale * float64(around.Min.X)}, side, side)
		one := image.NewRGBA(image.Rect(0, 0, side, side))
		for i := range side * side {
			copy(one.Pix[4*i:], append(part[3*i:3*i+3:3*i+3], 255))
		}
		draw.Draw(all, image.Rect(x, 0, x+side, side), one, image.Point{}, draw.Src)
		x += side
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(t.TempDir(), name)
	}
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(f, all, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}
