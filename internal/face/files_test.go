package face

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"os"
	"path/filepath"
	"testing"
)

// A photo gives the same crop from whatever file keeps its colours.
func TestCropOfFileKinds(t *testing.T) {
	slow(t)
	img, _ := head(t)
	b := img.Bounds()
	plain := warped(img, Transform{A: 1}, b.Dx(), b.Dy())
	want := mustCut(t, plain, one(t, plain).Transform())
	all := kinds(plain)
	for name, data := range map[string][]byte{
		"PNG": encodePNG(t, plain), "PNG, 16 bits": encodePNG(t, all["NRGBA64"]), "PNG, transparent": encodePNG(t, all["NRGBA transparent"]),
		"PNG, RGBA": encodePNG(t, all["RGBA"]), "BMP": encodeBMP(t, plain),
		"PNG, animated": animatedPNG(t, plain),
	} {
		path := filepath.Join(t.TempDir(), "photo")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := readCrop(t, AlignDetect, path); err != nil || !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("%s: another crop (%v)", name, err)
		}
	}
	// A grey photo is grey in all three channels, in 8 and in 16 bits.
	for _, name := range []string{"Gray", "Gray16"} {
		decoded, err := readImage(bytes.NewReader(encodePNG(t, all[name])), name, DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		crop := mustCut(t, decoded, one(t, decoded).Transform())
		for i := 0; i < CropSize; i += 3 {
			if crop.Pix[i] != crop.Pix[i+1] || crop.Pix[i] != crop.Pix[i+2] {
				t.Fatalf("%s: pixel %d is %v", name, i/3, crop.Pix[i:i+3])
			}
		}
	}
}

// animatedPNG puts a second picture behind the first, as programs with animation
// would show it.
func animatedPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	png := encodePNG(t, img)
	const ihdrEnd, iend = 8 + 4 + 4 + 13 + 4, 12
	b := img.Bounds()
	frame := func(number byte) []byte {
		f := []byte{0, 0, 0, number}
		f = append(f, 0, 0, byte(b.Dx()>>8), byte(b.Dx()), 0, 0, byte(b.Dy()>>8), byte(b.Dy()))
		return pngChunk("fcTL", append(f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0))
	}
	second := deflated(t, b.Dy()*(1+4*b.Dx()))
	return bytes.Join([][]byte{
		png[:ihdrEnd],
		pngChunk("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0}), frame(0),
		png[ihdrEnd : len(png)-iend],
		frame(1), pngChunk("fdAT", append([]byte{0, 0, 0, 2}, second...)),
		png[len(png)-iend:],
	}, nil)
}

// Four colours are those of printing; every channel of this picture has half.
func TestFourColourJPEG(t *testing.T) {
	data := progressiveJPEG(40, 40, 4, 1)
	img, err := readImage(bytes.NewReader(data), "photo", DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	// Half of the light that half of the black lets through, of 255.
	if r, g, b := pixelReader(img)(20, 20); abs(int(r)-64) > 1 || r != g || r != b {
		t.Errorf("colour %d %d %d, want about 64 64 64", r, g, b)
	}
}

// Kinds of JPEG that the decoder lacks are named as such, not as damaged.
func TestOtherKindsOfJPEG(t *testing.T) {
	jpg := progressiveJPEG(40, 40, 3, 1)
	frame := bytes.Index(jpg, []byte{0xff, 0xc2})
	with := func(at int, v byte) []byte {
		data := bytes.Clone(jpg)
		data[at] = v
		return data
	}
	noMarker := progressiveJPEG(40, 40, 4, 1)
	noMarker = append(noMarker[:2:2], noMarker[2+16:]...)
	for name, data := range map[string][]byte{
		"arithmetic coding": with(frame+1, 0xc9), "lossless": with(frame+1, 0xc3), "hierarchical": with(frame+1, 0xc6),
		"12 bits": with(frame+4, 12), "no lines yet": with(frame+6, 0), "four colours, which ones is not said": noMarker,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readImage(bytes.NewReader(data), "photo", DefaultLimits())
			want := "this kind of JPEG is not read; export it again"
			if name == "no lines yet" { // the number of lines may stand behind the first scan
				want = "the JPEG image has no pixels (40×0)"
			}
			checkError(t, err, "face: photo: ", want)
		})
	}
}

// Photos that are whole and show no face, however small.
func TestFilesWithoutAFace(t *testing.T) {
	wall := image.NewNRGBA(image.Rect(0, 0, 160, 120))
	draw.Draw(wall, wall.Rect, image.NewUniform(color.NRGBA{190, 180, 160, 255}), image.Point{}, draw.Src)
	draw.Draw(wall, image.Rect(0, 60, 160, 62), image.NewUniform(color.NRGBA{90, 80, 70, 255}), image.Point{}, draw.Src)
	dot := quadrantImage(1, 1)
	for name, c := range map[string]struct {
		data        []byte
		want, fixed string // by detection and by the fixed transform
	}{
		"wall.jpg":   {encodeJPEG(t, wall), "no face found in 160×120 pixels; give a photo with the face unobstructed", ""},
		"dot.jpg":    {encodeJPEG(t, dot), "no face found in 1×1 pixels", "the image of 1×1 pixels is too small for a face"},
		"dot.png":    {encodePNG(t, dot), "no face found in 1×1 pixels", "the image of 1×1 pixels is too small for a face"},
		"dot.bmp":    {encodeBMP(t, dot), "no face found in 1×1 pixels", "the image of 1×1 pixels is too small for a face"},
		"dot.webp":   {encodeWebP(dot), "no face found in 1×1 pixels", "the image of 1×1 pixels is too small for a face"},
		"column.png": {encodePNG(t, noise(1, 5000, 1)), "no face found in 1×5000 pixels", "the image of 1×5000 pixels is too small for a face"},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readCrop(t, AlignDetect, path)
		checkError(t, err, "face: "+path+": ", c.want)
		var none *NoFaceError
		if !errors.As(err, &none) {
			t.Errorf("%s: error %v is no NoFaceError", name, err)
		}
		if _, err := readCrop(t, AlignFixed, path); c.fixed != "" {
			checkError(t, err, "face: "+path+": ", c.fixed)
		} else if err != nil {
			t.Error(err)
		}
	}
}

// A file that is cut anywhere gives a line, or the image if only what follows the
// pixels is missing.
func TestFilesCutAnywhere(t *testing.T) {
	img := quadrantImage(24, 20)
	for name, data := range map[string][]byte{
		"JPEG": encodeJPEG(t, img), "progressive JPEG": progressiveJPEG(24, 20, 3, 2), "PNG": encodePNG(t, img),
		"animated PNG": animatedPNG(t, img), "BMP": encodeBMP(t, img),
		"BMP with a palette": encodeBMP(t, kinds(img)["Paletted"]),
		"WebP":               encodeWebP(img), "lossy WebP": riffFile(lossyWebP(24, 20)), "transparent WebP": transparentWebP(24, 20),
	} {
		whole := 0
		for n := range data {
			got, err := readImage(bytes.NewReader(data[:n]), "photo", DefaultLimits())
			if err != nil {
				checkError(t, err, "face: photo: ", "; ")
			} else if whole++; got.Bounds() != img.Rect {
				t.Errorf("%s cut at %d: bounds %v", name, n, got.Bounds())
			}
		}
		if whole > len(data)/2 {
			t.Errorf("%s: %d of %d lengths are taken for whole", name, whole, len(data))
		}
	}
}
