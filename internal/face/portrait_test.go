package face

import (
	"bytes"
	"context"
	"image"
	"io"
	"math"
	"os"
	"sync"
	"testing"
)

// portraitFile is a photo of 512×512 pixels with one face, a little smaller than
// LFW's.
const portraitFile = "../../testdata/faces/astronaut.jpg"

// portraitPoints are the face's points in it, read by eye from a magnified picture:
// the pupils, the tip of the nose, where the lips meet. One may differ about a
// pixel. The eyes are 43 pixels apart.
var portraitPoints = [5][2]float64{{202.8, 100.4}, {245.9, 103.1}, {224.5, 126.2}, {202.3, 139.5}, {245, 140.1}}

var portraitData = sync.OnceValues(func() ([]byte, error) { return os.ReadFile(portraitFile) })

// portrait is the decoded photo.
func portrait(t testing.TB) image.Image {
	t.Helper()
	data, err := portraitData()
	if err != nil {
		t.Fatal(err)
	}
	img, err := readImage(bytes.NewReader(data), portraitFile, DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// warped returns the image under a transform, on a canvas of w×h pixels that is
// black where the image does not reach.
func warped(img image.Image, tr Transform, w, h int) *image.NRGBA {
	pix, _ := Warp(context.Background(), img, tr, w, h) // which is never done
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		copy(out.Pix[4*i:], pix[3*i:3*i+3])
		out.Pix[4*i+3] = 255
	}
	return out
}

// scaled is the transform to an image that is larger by a factor.
func scaled(factor float64) Transform {
	return Transform{A: factor, TX: (factor - 1) / 2, TY: (factor - 1) / 2}
}

// turnedBy is the transform that turns an image of w×h pixels clockwise by degrees
// about its centre, to that of a square of n pixels.
func turnedBy(degrees float64, w, h, n int) Transform {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	tr := Transform{A: cos, B: sin}
	x, y := tr.Apply(float64(w-1)/2, float64(h-1)/2)
	tr.TX, tr.TY = float64(n-1)/2-x, float64(n-1)/2-y
	return tr
}

// moved returns the points under a transform.
func moved(points [5][2]float64, tr Transform) [5][2]float64 {
	for i, p := range points {
		points[i][0], points[i][1] = tr.Apply(p[0], p[1])
	}
	return points
}

// flipped returns the points of a face in the mirrored photo of a width.
func flipped(points [5][2]float64, width int) [5][2]float64 {
	for i := range points {
		points[i][0] = float64(width-1) - points[i][0]
	}
	points[0], points[1] = points[1], points[0]
	points[3], points[4] = points[4], points[3]
	return points
}

// deviation is the distance of the worst point, in distances of the eyes.
func deviation(got, want [5][2]float64) float64 {
	worst := 0.0
	for i := range got {
		worst = max(worst, distance(got[i], want[i]))
	}
	return worst / distance(want[0], want[1])
}

// slow leaves out a test that takes half a minute under the race detector.
func slow(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes long")
	}
}

// one returns the only face of an image.
func one(t testing.TB, img image.Image) Face {
	t.Helper()
	faces, err := Detect(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	if len(faces) != 1 {
		t.Fatalf("%d faces found, want 1: %+v", len(faces), faces)
	}
	return faces[0]
}

// headRect is the part of the portrait with the head, whose pixels are searched four
// times as fast.
var headRect = image.Rect(103, 0, 343, 240)

// head is that part, and the face's points in it.
func head(t testing.TB) (image.Image, [5][2]float64) {
	t.Helper()
	img := portrait(t).(*image.YCbCr).SubImage(headRect)
	return img, moved(portraitPoints, Transform{A: 1, TX: -float64(headRect.Min.X)})
}

// readImage is Limits.Decode for a test that has nothing to stop.
func readImage(r io.Reader, name string, lim Limits) (image.Image, error) {
	return lim.Decode(context.Background(), r, name)
}
