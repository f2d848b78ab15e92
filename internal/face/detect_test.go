package face

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
	"sync"
	"testing"
)

// How far a point may lie from where the eye sees it, in distances of the eyes:
// 4 pixels of the portrait. Most of it is the corner of the mouth, which the
// template has lower than where the lips meet.
const byEye = 0.09

// How far a point may move when the photo is scaled, turned or mirrored, in
// distances of the eyes: 1 pixel of the crop.
const repeatable = 0.03

func TestDetectPortrait(t *testing.T) {
	f := one(t, portrait(t))
	if d := deviation(f.Points, portraitPoints); d > byEye {
		t.Errorf("points %.1f are off by %.3f distances of the eyes, want %.1f", f.Points, d, portraitPoints)
	}
	if f.Quality() != 1 || f.Score < sure {
		t.Errorf("quality %.2f, want 1; score %.0f, want above %d", f.Quality(), f.Score, sure)
	}
	if a := f.Angle(); math.Abs(a-3.6) > 2 {
		t.Errorf("the eyes are turned by %.1f°, want 3.6°", a)
	}
	if !image.Pt(int(f.X), int(f.Y)).In(image.Rect(202, 90, 246, 140)) || f.Side < 85 || f.Side > 130 {
		t.Errorf("square at (%.0f, %.0f) with side %.0f, want it around the face", f.X, f.Y, f.Side)
	}
}

// first returns the most prominent face.
func first(t *testing.T, img image.Image) Face {
	t.Helper()
	faces, err := Detect(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	if len(faces) == 0 {
		t.Fatal("no face found")
	}
	return faces[0]
}

func TestDetectScaled(t *testing.T) {
	slow(t)
	img := portrait(t)
	want := one(t, img).Points
	for _, factor := range []float64{0.3, 0.35, 0.5, 0.71, 1.4, 2, 3} {
		n := int(512 * factor)
		f := one(t, warped(img, scaled(factor), n, n))
		if d := deviation(f.Points, moved(want, scaled(factor))); d > repeatable {
			t.Errorf("scaled by %g: the points are off by %.3f distances of the eyes", factor, d)
		}
	}
}

func TestDetectTurned(t *testing.T) {
	slow(t)
	img, points := head(t)
	side := headRect.Dx()
	want := one(t, img).Points
	if d := deviation(want, points); d > byEye {
		t.Fatalf("the points are off by %.3f distances of the eyes", d)
	}
	for _, degrees := range []float64{-45, -30, -15, 15, 30, 45, 90, 180, -90} {
		const canvas = 340 // the diagonal
		tr := turnedBy(degrees, side, side, canvas)
		f := one(t, warped(img, tr, canvas, canvas))
		if d := deviation(f.Points, moved(want, tr)); d > repeatable {
			t.Errorf("turned by %g°: the points are off by %.3f distances of the eyes", degrees, d)
		}
	}
}

// In the whole photo, with its flag, spacesuit and shuttle, the face comes first.
func TestDetectTurnedPhoto(t *testing.T) {
	slow(t)
	img := portrait(t)
	want := one(t, img).Points
	for _, degrees := range []float64{-45, -30, 30, 45, 90, 180, -90} {
		tr := turnedBy(degrees, 512, 512, 512)
		f := first(t, warped(img, tr, 512, 512))
		if d := deviation(f.Points, moved(want, tr)); d > repeatable {
			t.Errorf("turned by %g°: the points are off by %.3f distances of the eyes", degrees, d)
		}
	}
}

// A photo that lies on its side and says so in its EXIF block is, pixel for pixel,
// the upright one.
func TestDetectByOrientation(t *testing.T) {
	slow(t)
	img, _ := head(t)
	b := img.Bounds()
	plain := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(plain, plain.Rect, img, b.Min, draw.Src)
	want := one(t, plain)
	// How a photo must be stored for each value, as a value that brings it there.
	for value, stored := range map[int]int{2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6} {
		data := withEXIF(t, encodePNG(t, upright(plain, stored)), tiff(binary.BigEndian, value))
		got, err := Decode(bytes.NewReader(data), "photo", DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if f := one(t, got); f != want {
			t.Errorf("orientation %d: %+v, want %+v", value, f, want)
		}
	}
}

func TestDetectMirrored(t *testing.T) {
	slow(t)
	img := portrait(t)
	want := flipped(one(t, img).Points, 512)
	if d := deviation(one(t, upright(img, 2)).Points, want); d > repeatable {
		t.Errorf("the points are off by %.3f distances of the eyes", d)
	}
}

// A face that the photo's edge cuts is found as long as its points are inside.
func TestDetectAtTheEdge(t *testing.T) {
	slow(t)
	img, points := portrait(t).(*image.YCbCr), portraitPoints
	for name, r := range map[string]image.Rectangle{
		"left":   image.Rect(195, 0, 470, 300),
		"right":  image.Rect(0, 0, 256, 240),
		"top":    image.Rect(103, 85, 343, 330),
		"bottom": image.Rect(103, 0, 343, 150),
	} {
		f := first(t, img.SubImage(r))
		want := moved(points, Transform{A: 1, TX: -float64(r.Min.X), TY: -float64(r.Min.Y)})
		if d := deviation(f.Points, want); d > byEye {
			t.Errorf("cut at the %s: the points are off by %.3f distances of the eyes", name, d)
		}
	}
}

// The kind of image does not matter, but for the rounding of its colours.
func TestDetectKinds(t *testing.T) {
	slow(t)
	img, _ := head(t)
	want := one(t, img).Points
	all := kinds(img)
	// The nearest of 256 colours make steps of a face; mixed, they do not.
	draw.FloydSteinberg.Draw(all["Paletted"].(*image.Paletted), img.Bounds(), img, img.Bounds().Min)
	for name, m := range all {
		t.Run(name, func(t *testing.T) {
			if d := deviation(one(t, m).Points, want); d > repeatable {
				t.Errorf("the points are off by %.3f distances of the eyes", d)
			}
		})
	}
}

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

func TestDetectIsRepeatable(t *testing.T) {
	img, _ := head(t)
	plain := warped(img, scaled(0.5), 120, 120)
	want := one(t, plain)
	wantCrop := Cut(plain, want.Transform())
	// From several goroutines at once, of the same photo in the same memory and of a
	// part of a larger one.
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			var photo image.Image = plain
			if i%2 == 1 {
				photo = within(t, plain, image.Pt(10*i, 3+i))
			}
			got, err := Detect(t.Context(), photo)
			if err != nil || !slices.Equal(got, []Face{want}) {
				t.Errorf("%+v (%v), want %+v", got, err, want)
				return
			}
			if !bytes.Equal(Cut(photo, got[0].Transform()).Pix, wantCrop.Pix) {
				t.Error("another crop")
			}
		})
	}
	wg.Wait()
}

// countdown is a context that is done after it has been asked so many times.
type countdown struct {
	context.Context
	mu   sync.Mutex
	left int
}

func (c *countdown) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// Detect stops wherever it is.
func TestDetectStops(t *testing.T) {
	img := noise(90, 90, 1)
	all := &countdown{Context: t.Context(), left: 1 << 30}
	if _, err := Detect(all, img); err != nil {
		t.Fatal(err)
	}
	asked := 1<<30 - all.left
	if asked < 100 {
		t.Fatalf("the context is asked %d times only", asked)
	}
	for _, left := range []int{0, 1, asked / 2, asked - 1} {
		faces, err := Detect(&countdown{Context: t.Context(), left: left}, img)
		if !errors.Is(err, context.Canceled) || faces != nil {
			t.Errorf("done after %d of %d times: %d faces, error %v", left, asked, len(faces), err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := AlignDetect.Transform(ctx, img)
	var none *NoFaceError
	if !errors.Is(err, context.Canceled) || errors.As(err, &none) {
		t.Errorf("error %v, want that of the context", err)
	}
}

// Several copies of the portrait's head on one photo: all are found, the most
// prominent first.
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
	_, err := AlignDetect.Transform(context.Background(), image.NewGray(image.Rect(0, 0, 200, 150)))
	fmt.Println(err)
	// Output: no face found in 200×150 pixels; give a photo with the face upright, unobstructed and at least 40 pixels wide
}
