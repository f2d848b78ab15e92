package face

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/draw"
	"math"
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
		// Of a small face, half a pixel of the photo and a little more.
		tolerance := max(repeatable, 0.7/f.EyeDistance())
		if d := deviation(f.Points, moved(want, scaled(factor))); d > tolerance {
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
		data := withEXIF(t, encodePNG(t, mustUpright(t, plain, stored)), tiff(binary.BigEndian, value))
		got, err := readImage(bytes.NewReader(data), "photo", DefaultLimits())
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
	if d := deviation(one(t, mustUpright(t, img, 2)).Points, want); d > repeatable {
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

// countdown is a context that is done after it has been asked so many times.
// Detect stops wherever it is.

func TestDirection(t *testing.T) {
	for turn := -16; turn <= 16; turn++ {
		sin, cos := direction(turn)
		wantSin, wantCos := math.Sincos(float64(turn) * math.Pi / 8)
		if math.Abs(sin-wantSin) > 1e-15 || math.Abs(cos-wantCos) > 1e-15 {
			t.Errorf("%d/16: %v, %v, want %v, %v", turn, sin, cos, wantSin, wantCos)
		}
	}
}
