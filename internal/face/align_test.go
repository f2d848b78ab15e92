package face

import (
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFixedTransformOnLFWSize(t *testing.T) {
	tr, err := fixedTransform(image.Pt(250, 250))
	if err != nil {
		t.Fatal(err)
	}
	// The scale measured with the mean points, to its printed digits.
	if s := tr.Scale(); math.Abs(s-0.885) > 5e-4 {
		t.Errorf("scale %.4f, want 0.885", s)
	}
	template := Template()
	for i, p := range lfwPoints {
		x, y := tr.Apply(p[0], p[1])
		// A face of mean proportions is not the template's, by about 2 pixels.
		if d := math.Hypot(x-template[i][0], y-template[i][1]); d > 2.1 {
			t.Errorf("point %d is %.2f pixels off the template", i, d)
		}
	}
}

// A photo of another size shows the same face: a smooth picture drawn at two
// sizes and shapes gives nearly the same crop.
func TestFixedCropFollowsTheSize(t *testing.T) {
	draw := func(w, h int) image.Image {
		img := image.NewRGBA(image.Rect(0, 0, w, h))
		side := float64(min(w, h))
		for y := range h {
			for x := range w {
				u := (float64(x) + 0.5 - float64(w)/2) / side
				v := (float64(y) + 0.5 - float64(h)/2) / side
				img.SetRGBA(x, y, color.RGBA{
					uint8(127 + 100*math.Sin(9*u)), uint8(127 + 100*math.Cos(7*v+u)), uint8(127 + 80*math.Sin(5*(u+v))), 255,
				})
			}
		}
		return img
	}
	want, err := fixedCrop(draw(250, 250))
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []image.Point{{125, 125}, {500, 500}, {1600, 1200}, {600, 901}, {1100, 1300}} {
		got, err := fixedCrop(draw(size.X, size.Y))
		if err != nil {
			t.Fatal(err)
		}
		worst := 0
		for i := range got.Pix {
			worst = max(worst, abs(int(got.Pix[i])-int(want.Pix[i])))
		}
		// Rounding to 8 bits at both sizes, and the curve of the picture within a
		// pixel of the smaller one.
		if worst > 3 {
			t.Errorf("%v: worst difference %d grey levels, want at most 3", size, worst)
		}
	}
}

func abs(v int) int { return max(v, -v) }

func TestAlignedCropIsTakenUnchanged(t *testing.T) {
	img := noise(CropWidth, CropHeight, 3)
	crop, err := fixedCrop(img)
	if err != nil {
		t.Fatal(err)
	}
	for i := range CropWidth * CropHeight {
		for c := range 3 {
			if crop.Pix[3*i+c] != img.Pix[4*i+c] {
				t.Fatalf("pixel %d channel %d: %d, want %d", i, c, crop.Pix[3*i+c], img.Pix[4*i+c])
			}
		}
	}
	again, err := fixedCrop(crop.Image())
	if err != nil || string(again.Pix) != string(crop.Pix) {
		t.Errorf("a crop's image gives another crop (%v)", err)
	}
}

// The bytes of a crop are part of the contract between training and inference,
// on every processor.
func TestFixedCropGolden(t *testing.T) {
	for _, tt := range []struct {
		w, h int
		want string
	}{
		{250, 250, "f8e3926ae03257dc"},
		{333, 250, "78742afd68e826e8"},
		{1000, 1400, "44702c5a2a23f9a7"},
	} {
		crop, err := fixedCrop(noise(tt.w, tt.h, 7))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(crop.Pix)
		if got := hex.EncodeToString(sum[:8]); got != tt.want {
			t.Errorf("%d×%d: crop has SHA-256 %s…, want %s…", tt.w, tt.h, got, tt.want)
		}
	}
}

// The matrix is in the documentation of the file format, for other languages.
func TestFixedTransformAsDocumented(t *testing.T) {
	framing, err := AlignFixed.Frame(t.Context(), noise(250, 250, 1))
	tr := framing.Transform
	if err != nil {
		t.Fatal(err)
	}
	want := Transform{A: 0.885053743, B: 0.022191537, TX: -60.142108534, TY: -50.313859014}
	for i, d := range []float64{tr.A - want.A, tr.B - want.B, tr.TX - want.TX, tr.TY - want.TY} {
		if math.Abs(d) > 5e-9 { // its printed digits
			t.Errorf("element %d of %.9f, want %.9f", i, tr, want)
		}
	}
}

func TestQuad(t *testing.T) {
	for _, c := range []struct {
		name string
		t    Transform
		want [4][2]float64
	}{
		{"the image itself", Transform{A: 1}, [4][2]float64{{0, 0}, {96, 0}, {96, 112}, {0, 112}}},
		// A crop of half the size from the photo's upper left corner: its first pixel
		// is the middle of the photo's first four.
		{"half the size", Transform{A: 0.5, TX: -0.25, TY: -0.25}, [4][2]float64{{0, 0}, {192, 0}, {192, 224}, {0, 224}}},
		{"shifted", Transform{A: 1, TX: -10, TY: -20}, [4][2]float64{{10, 20}, {106, 20}, {106, 132}, {10, 132}}},
		// The photo lies on its left side: the crop's top is at the photo's left.
		{"turned", Transform{B: 1, TX: 95}, [4][2]float64{{0, 96}, {0, 0}, {112, 0}, {112, 96}}},
	} {
		got := c.t.Quad(CropWidth, CropHeight)
		for i := range got {
			if math.Hypot(got[i][0]-c.want[i][0], got[i][1]-c.want[i][1]) > 1e-9 {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
}

func TestAlignmentErrors(t *testing.T) {
	if _, err := fixedCrop(noise(31, 400, 1)); err == nil || !strings.Contains(err.Error(), "31×400 pixels is too small") {
		t.Errorf("small image: %v", err)
	}
	path := filepath.Join(t.TempDir(), "small.png")
	if err := os.WriteFile(path, encodePNG(t, noise(400, 20, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := readCrop(t, AlignFixed, path)
	checkError(t, err, "face: "+path, "400×20 pixels is too small")
	_, err = readCrop(t, AlignFixed, path+"x")
	checkError(t, err, "face: "+path+"x", "no such file")
	if _, err := Alignment("pigo2").Frame(t.Context(), noise(250, 250, 1)); err == nil || !strings.Contains(err.Error(), `"pigo2" is not known; choose one of [detect fixed]`) {
		t.Errorf("unknown alignment: %v", err)
	}
}

func BenchmarkFixedCrop(b *testing.B) {
	img, err := readImage(strings.NewReader(string(encodeJPEG(b, noise(250, 250, 1)))), "noise", DefaultLimits())
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := fixedCrop(img); err != nil {
			b.Fatal(err)
		}
	}
}
