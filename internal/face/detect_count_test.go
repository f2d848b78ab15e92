package face

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"
)

func TestDetectNothing(t *testing.T) {
	slow(t)
	gradient := image.NewGray(image.Rect(0, 0, 300, 200))
	for i := range gradient.Pix {
		gradient.Pix[i] = uint8(i % 300 * 255 / 299)
	}
	wall := image.NewNRGBA(image.Rect(0, 0, 320, 240)) // rough plaster
	for y := range 240 {
		for x := range 320 {
			v := uint8(190 + 6*math.Sin(float64(x)/11)*math.Cos(float64(y)/7) + 5*math.Sin(float64(x*y)))
			wall.SetNRGBA(x, y, color.NRGBA{v, v, v - 12, 255})
		}
	}
	for name, img := range map[string]image.Image{
		"noise": noise(300, 250, 1), "gradient": gradient, "wall": wall,
		"black": image.NewGray(image.Rect(0, 0, 200, 200)), "a pixel": noise(1, 1, 1),
		"a column": noise(1, 5000, 1), "a row": noise(5000, 1, 1), "two rows": noise(3000, 2, 1),
		"empty": image.NewNRGBA(image.Rectangle{}), "no rows": image.NewNRGBA(image.Rect(5, 5, 90, 5)),
		"no chin": portrait(t).(*image.YCbCr).SubImage(image.Rect(103, 0, 343, 110)),
	} {
		faces, err := Detect(t.Context(), img)
		if err != nil || len(faces) > 0 {
			t.Errorf("%s: %d faces, error %v, want none: %+v", name, len(faces), err, faces)
		}
	}
}

func TestDetectSeveral(t *testing.T) {
	img, points := head(t)
	slow(t)
	canvas := image.NewNRGBA(image.Rect(0, 0, 900, 500))
	for i := range canvas.Pix {
		canvas.Pix[i] = 200
	}
	copies := []struct {
		factor float64
		at     image.Point
	}{
		{1.5, image.Pt(300, 100)}, // large and in the middle
		{1.3, image.Pt(0, 188)},   // nearly as large, at the edge
		{0.9, image.Pt(680, 10)},  // smaller
		{0.6, image.Pt(740, 350)}, // smallest
	}
	var want [][5][2]float64
	for _, c := range copies {
		n := int(float64(headRect.Dx()) * c.factor)
		tr := scaled(c.factor)
		small := warped(img, tr, n, n)
		draw.Draw(canvas, small.Rect.Add(c.at), small, image.Point{}, draw.Src)
		tr.TX += float64(c.at.X)
		tr.TY += float64(c.at.Y)
		want = append(want, moved(points, tr))
	}
	faces, err := Detect(t.Context(), canvas)
	if err != nil {
		t.Fatal(err)
	}
	if len(faces) != len(want) {
		t.Fatalf("%d faces, want %d: %+v", len(faces), len(want), faces)
	}
	for i, f := range faces {
		if d := deviation(f.Points, want[i]); d > byEye {
			t.Errorf("face %d: the points are off by %.3f distances of the eyes", i, d)
		}
	}
}

func ExampleNoFaceError() {
	_, err := AlignDetect.Frame(context.Background(), image.NewGray(image.Rect(0, 0, 200, 150)))
	fmt.Println(err)
	// Output: no face found in 200×150 pixels; give a photo with the face unobstructed and at least 40 pixels wide
}
