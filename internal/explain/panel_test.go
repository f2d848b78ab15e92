package explain

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

var orange = color.RGBA{0xf0, 0x90, 0x30, 0xff}

// pixel is the one of a picture that a point lies in.
func pixel(img *image.RGBA, p point) color.RGBA { return img.RGBAAt(int(p.x), int(p.y)) }

func TestWholePhotoIsShown(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {40, 30}, {30, 400}, {3000, 2000}, {9000, 1}, {1, 9000}, {5001, 7}} {
		p := photo(plain(size.X, size.Y, orange))
		p.Corners = [4][2]float64{{-1e6, -1e6}, {1e6, -1e6}, {1e6, 1e6}, {-1e6, 1e6}} // out of sight
		l := plan(p, p)
		img := drawn(t, p, p, 0.5, 0.3)
		v := fit(p.Image, l.left.photo)
		if !v.shown.In(l.left.photo) {
			t.Errorf("%v: shown at %v, outside its panel %v", size, v.shown, l.left.photo)
		}
		if v.shown.Dx() != l.left.photo.Dx() && v.shown.Dy() != l.left.photo.Dy() {
			t.Errorf("%v: shown at %v, smaller than its panel %v", size, v.shown, l.left.photo)
		}
		if n := count(img, v.shown, orange); n != v.shown.Dx()*v.shown.Dy() {
			t.Errorf("%v: %d of %v pixels have the photo's colour", size, n, v.shown.Size())
		}
	}
}

// TestBounds draws a photo that starts at (0, 0) and one that is a part of a larger
// image and starts elsewhere.
func TestBounds(t *testing.T) {
	whole := waves(90, 70)
	larger := image.NewRGBA(image.Rect(-20, -30, 200, 200))
	at := image.Rect(13, -9, 13+90, -9+70)
	draw.Draw(larger, at, whole, image.Point{}, draw.Src)
	f := faceAt(40, 30, 25)
	want := drawn(t, photo(whole, f), photo(whole, f), 0.5, 0.3)
	part := photo(larger.SubImage(at), f)
	if got := drawn(t, part, part, 0.5, 0.3); string(got.Pix) != string(want.Pix) {
		t.Error("the picture depends on where the bounds of the photo start")
	}
}

func TestMarks(t *testing.T) {
	p := photo(plain(400, 300, orange), faceAt(120, 150, 100), faceAt(300, 150, 80))
	p.Corners = [4][2]float64{{60, 80}, {180, 80}, {180, 220}, {60, 220}}
	img := drawn(t, p, p, 0.5, 0.3)
	v := fit(p.Image, plan(p, p).left.photo)
	for name, q := range map[string]point{
		"left edge of the compared face": v.at(120.5-50, 160), "its right edge": v.at(120.5+50, 160),
		"its upper edge": v.at(130, 150.5-50), "its lower edge": v.at(130, 150.5+50),
	} {
		if got := pixel(img, q); got != faceBlue {
			t.Errorf("%s: %v at %v", name, got, q)
		}
	}
	for i, q := range p.Faces[0].Points {
		if got := pixel(img, v.at(q[0]+0.5, q[1]+0.5)); got != faceBlue {
			t.Errorf("point %d: %v", i, got)
		}
	}
	for name, c := range map[string]struct {
		area   image.Rectangle
		colour color.RGBA
		least  int
	}{
		"the crop's outline, dashed white": {around(v.at(60, 150), 4, 30), white, 30},
		"the number of the compared face":  {around(v.at(74, 95), 10, 16), faceBlue, 60},
		"the number of the other face":     {around(v.at(264, 103), 10, 16), ink, 60},
	} {
		if n := count(img, c.area, c.colour); n < c.least {
			t.Errorf("%s: %d pixels in %v", name, n, c.area)
		}
	}
	// The other face's line is one pixel wide.
	edge := around(v.at(300.5-40, 160), 3, 10)
	if n := count(img, edge, ink); n != edge.Dy() {
		t.Errorf("the other face's edge: %d pixels in %v", n, edge)
	}
}

func around(p point, dx, dy int) image.Rectangle {
	return image.Rect(int(p.x)-dx, int(p.y)-dy, int(p.x)+dx, int(p.y)+dy)
}

func TestOneFaceHasNoNumber(t *testing.T) {
	p := photo(plain(400, 300, orange), faceAt(120, 150, 100))
	v := fit(p.Image, plan(p, p).left.photo)
	img := drawn(t, p, p, 0.5, 0.3)
	if n := count(img, around(v.at(74, 93), 8, 8), faceBlue); n > 0 {
		t.Errorf("%d blue pixels above the only face", n)
	}
}

func TestPoorQualityIsNoted(t *testing.T) {
	good := photo(waves(250, 250), faceAt(120, 120, 100))
	bad := photo(waves(250, 250), faceAt(120, 120, 20))
	if good.poor() || !bad.poor() {
		t.Fatal("the faces are not what this test needs")
	}
	l := plan(good, bad)
	img := drawn(t, good, bad, 0.5, 0.3)
	if n := count(img, l.left.caption, paleAmber); n > 0 {
		t.Errorf("a note under the good face")
	}
	if n := count(img, l.right.caption, paleAmber); n < 5000 {
		t.Errorf("no note under the poor face: %d pixels", n)
	}
	if plan(good, good).height >= l.height {
		t.Error("room for a note without a poor face")
	}
}

func TestFound(t *testing.T) {
	f := faceAt(50, 50, 100)
	aligned := photo(waves(2*face.CropWidth, 2*face.CropHeight))
	aligned.Aligned = true
	for want, p := range map[string]Photo{
		"1 face found · quality 1.00":               photo(waves(100, 100), f),
		"face 1 of 3 compared · quality 1.00":       photo(waves(100, 100), f, f, f),
		"an aligned crop already":                   aligned,
		"no face looked for: crop at a fixed place": photo(waves(100, 100)),
	} {
		if got := found(p); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
