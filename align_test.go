package sphereface_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/face"
)

// Crops are those that training cuts, byte for byte, in every way to align.
func TestCropsAreThoseOfTraining(t *testing.T) {
	img := read(t, portrait)
	images := map[string]image.Image{
		"a face":    img,
		"two faces": twice(img, image.Rect(140, 20, 320, 250)),
		"a wall":    plain(300, 200, color.Gray{90}),
		"a crop":    plain(96, 112, color.Gray{90}),
	}
	for name, img := range images {
		for _, how := range []face.Alignment{face.AlignDetect, face.AlignFixed} {
			want, wantErr := how.Frame(t.Context(), img)
			p, err := sphereface.NewPhoto(t.Context(), img, sphereface.Alignment(how))
			compare(t, name+", "+string(how), p, err, img, want.Transform, wantErr)
		}
		want, wantErr := face.AlignDetect.FrameOrFixed(t.Context(), img)
		p, err := sphereface.NewPhoto(t.Context(), img, sphereface.AlignDetectOrFixed)
		compare(t, name+", detect or fixed", p, err, img, want.Transform, wantErr)
	}
}

func compare(t *testing.T, what string, p *sphereface.Photo, err error, img image.Image, transform face.Transform, wantErr error) {
	t.Helper()
	if err != nil || wantErr != nil {
		if (err == nil) != (wantErr == nil) {
			t.Errorf("%s: error %v, in training %v", what, err, wantErr)
		}
		return
	}
	want, err := face.Cut(t.Context(), img, transform)
	if err != nil || !bytes.Equal(p.Crops[0].Pix, want.Pix) {
		t.Errorf("%s: another crop than in training", what)
	}
}

func TestNewPhoto(t *testing.T) {
	img := read(t, portrait)
	two := twice(img, image.Rect(140, 20, 320, 250))
	wall, crop := plain(300, 200, color.Gray{90}), plain(96, 112, color.Gray{90})
	for _, c := range []struct {
		name  string
		img   image.Image
		how   sphereface.Alignment
		faces int
		then  sphereface.Alignment
	}{
		{"a face", img, sphereface.AlignDetect, 1, sphereface.AlignDetect},
		{"two faces", two, sphereface.AlignDetect, 2, sphereface.AlignDetect},
		{"a face that a list names", img, sphereface.AlignDetectOrFixed, 1, sphereface.AlignDetect},
		{"a wall that a list names", wall, sphereface.AlignDetectOrFixed, 0, sphereface.AlignFixed},
		{"a fixed frame", img, sphereface.AlignFixed, 0, sphereface.AlignFixed},
		{"a crop", crop, sphereface.AlignDetect, 0, sphereface.AlignNone},
		{"a larger crop", plain(192, 224, color.Gray{90}), sphereface.AlignNone, 0, sphereface.AlignNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := sphereface.NewPhoto(t.Context(), c.img, c.how)
			if err != nil {
				t.Fatal(err)
			}
			size := c.img.Bounds().Size()
			if len(p.Faces) != c.faces || len(p.Crops) != max(1, c.faces) || p.Alignment != c.then || p.Width != size.X || p.Height != size.Y || p.Image != c.img {
				t.Errorf("%d faces, %d crops, alignment %s, %d×%d", len(p.Faces), len(p.Crops), p.Alignment, p.Width, p.Height)
			}
			for i, f := range p.Faces {
				one, err := sphereface.CutFace(c.img, f)
				if err != nil || !bytes.Equal(one.Pix, p.Crops[i].Pix) || one.Corners != p.Crops[i].Corners {
					t.Errorf("crop %d is not that of its face: %v", i, err)
				}
			}
		})
	}
}

func TestNoFace(t *testing.T) {
	_, err := sphereface.NewPhoto(t.Context(), plain(300, 200, color.Gray{90}), sphereface.AlignDetect)
	none, ok := errors.AsType[*sphereface.NoFaceError](err)
	if !ok || *none != (sphereface.NoFaceError{Width: 300, Height: 200}) {
		t.Errorf("error %v, want a NoFaceError of 300×200", err)
	}
	oneLine(t, err, "sphereface: no face found in 300×200 pixels; give ")
	_, err = sphereface.NewPhoto(t.Context(), plain(20, 20, color.Gray{90}), sphereface.AlignFixed)
	oneLine(t, err, "sphereface: the image of 20×20 pixels is too small")
	_, err = sphereface.NewPhoto(t.Context(), plain(20, 20, color.Gray{90}), "mystery")
	oneLine(t, err, `sphereface: alignment "mystery" is not known`)
	if faces, err := sphereface.Detect(t.Context(), image.NewGray(image.Rectangle{})); len(faces) > 0 || err != nil {
		t.Errorf("no pixels: %v, %v", faces, err)
	}
}

// A crop that another program has scaled is scaled back: its middle looks the same,
// its edges do not darken, and sides that were rounded are let pass.
func TestTakeCrop(t *testing.T) {
	ramp := func(w, h int) image.Image { // brighter from left to right and from top to bottom
		img := image.NewGray(image.Rect(10, 20, 10+w, 20+h))
		for y := range h {
			for x := range w {
				v := 40 + 80*(float64(x)+0.5)/float64(w) + 80*(float64(y)+0.5)/float64(h)
				img.SetGray(10+x, 20+y, color.Gray{uint8(math.Round(v))})
			}
		}
		return img
	}
	want, err := sphereface.TakeCrop(ramp(96, 112))
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []image.Point{{48, 56}, {100, 117}, {192, 224}, {480, 560}, {1000, 1167}} {
		got, err := sphereface.TakeCrop(ramp(size.X, size.Y))
		if err != nil {
			t.Errorf("%v: %v", size, err)
			continue
		}
		most := 0
		for i := range got.Pix {
			most = max(most, int(got.Pix[i])-int(want.Pix[i]), int(want.Pix[i])-int(got.Pix[i]))
		}
		// Rounding of both, and half a pixel of an enlarged ramp at its edges.
		if most > 2 {
			t.Errorf("%v: off by up to %d grey levels", size, most)
		}
		if w, h := float64(size.X), float64(size.Y); got.Corners != [4][2]float64{{0, 0}, {w, 0}, {w, h}, {0, h}} {
			t.Errorf("%v: corners %v", size, got.Corners)
		}
	}
	for _, size := range []image.Point{{112, 96}, {100, 100}, {96, 113}, {24, 28}, {0, 0}} {
		_, err := sphereface.TakeCrop(image.NewGray(image.Rectangle{Max: size}))
		oneLine(t, err, "is no aligned crop; give one of 96×112, or one of that shape")
	}
}

func TestCutFaceErrors(t *testing.T) {
	_, err := sphereface.CutFace(plain(50, 50, color.Black), sphereface.Face{})
	oneLine(t, err, "sphereface: the points of a face: face: similarity: the points coincide")
	for _, v := range []float64{math.NaN(), math.Inf(1), math.MaxFloat64, 1e300, -1e18, 1e9, 1e-9, 1e-300} {
		_, err = sphereface.CutFace(plain(50, 50, color.Black), sphereface.Face{Points: [5][2]float64{{v, v}, {2 * v, v}, {1.5 * v, 2 * v}, {v, 3 * v}, {2 * v, 3 * v}}})
		oneLine(t, err, "sphereface: the points of a face")
	}
}

// A face's figures are those of its points and pixels.
func TestFace(t *testing.T) {
	f := sphereface.Face{Points: [5][2]float64{{10, 10}, {40, 50}}, Sharpness: 0.0175, Score: 80}
	if f.EyeDistance() != 50 || math.Abs(f.Angle()-53.13) > 0.01 || f.Quality() != 0.5 {
		t.Errorf("eyes %v apart, angle %v, quality %v; want 50, 53.13 and 0.5", f.EyeDistance(), f.Angle(), f.Quality())
	}
}

// A context ends all that looks at pixels, with its cause.
func TestStopped(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	img := read(t, portrait)
	m := open(t, detecting)
	check := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, cause) {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := sphereface.ReadFile(ctx, portrait, sphereface.Limits{})
	check("ReadFile", err)
	_, err = sphereface.Detect(ctx, img)
	check("Detect", err)
	_, err = sphereface.NewPhoto(ctx, img, sphereface.AlignDetect)
	check("NewPhoto", err)
	_, err = sphereface.ReadPhoto(ctx, portrait, sphereface.AlignDetect, sphereface.Limits{})
	check("ReadPhoto", err)
	_, err = m.Embed(ctx, img)
	check("Embed", err)
	_, err = m.EmbedAll(ctx, []image.Image{img})
	check("EmbedAll", err)
	_, err = m.Compare(ctx, img, img)
	check("Compare", err)
	photo, err := sphereface.NewPhoto(t.Context(), img, sphereface.AlignDetect)
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.EmbedCrops(ctx, photo.Crops)
	check("EmbedCrops", err)
	for _, err := range m.EmbedFiles(ctx, []string{portrait}, m.Alignment()) {
		check("EmbedFiles", err)
	}
}
