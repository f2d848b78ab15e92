package face

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDecodeFormats(t *testing.T) {
	img := quadrantImage(48, 40)
	for name, data := range map[string][]byte{
		"jpeg": encodeJPEG(t, img), "png": encodePNG(t, img), "bmp": encodeBMP(t, img), "webp": encodeWebP(img),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readImage(bytes.NewReader(data), "photo", DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			if got.Bounds() != img.Bounds() {
				t.Fatalf("bounds %v, want %v", got.Bounds(), img.Bounds())
			}
			if c := corners(got); c != "ABCD" {
				t.Errorf("corners %s, want ABCD", c)
			}
		})
	}
}

// corners names the quadrants that the corners of img show: upper left, upper
// right, lower left, lower right.
func corners(img image.Image) string {
	at := pixelReader(img)
	b := img.Bounds()
	var s strings.Builder
	for _, p := range [4]image.Point{{b.Min.X + 2, b.Min.Y + 2}, {b.Max.X - 3, b.Min.Y + 2}, {b.Min.X + 2, b.Max.Y - 3}, {b.Max.X - 3, b.Max.Y - 3}} {
		r, g, _ := at(p.X, p.Y)
		i := int(r>>7) + 2*int(g>>7)
		s.WriteByte("ABCD"[i])
	}
	return s.String()
}

// The corners follow from the definition of each value in CIPA DC-008, which
// names the visual side of the stored image's first row and first column.
var orientationCorners = map[int]string{
	1: "ABCD", 2: "BADC", 3: "DCBA", 4: "CDAB", // row 0 is the top or the bottom
	5: "ACBD", 6: "CADB", 7: "DBCA", 8: "BDAC", // row 0 is the left or the right
}

func TestOrientation(t *testing.T) {
	img := quadrantImage(48, 40)
	files := map[string][]byte{"jpeg": encodeJPEG(t, img), "png": encodePNG(t, img), "webp": encodeWebP(img)}
	for name, data := range files {
		for value, want := range orientationCorners {
			for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
				t.Run(fmt.Sprintf("%s %d %v", name, value, order), func(t *testing.T) {
					got, err := readImage(bytes.NewReader(withEXIF(t, data, tiff(order, value))), "photo", DefaultLimits())
					if err != nil {
						t.Fatal(err)
					}
					size := image.Pt(48, 40)
					if value >= 5 {
						size = image.Pt(40, 48)
					}
					if got.Bounds().Size() != size {
						t.Errorf("size %v, want %v", got.Bounds().Size(), size)
					}
					if c := corners(got); c != want {
						t.Errorf("corners %s, want %s", c, want)
					}
				})
			}
		}
	}
}

// Whatever else stands before it, the orientation is found.
func TestOrientationAmongOthers(t *testing.T) {
	entry := func(tag, kind uint16, count, value uint32) []byte {
		e := binary.BigEndian.AppendUint16(nil, tag)
		e = binary.BigEndian.AppendUint16(e, kind)
		e = binary.BigEndian.AppendUint32(e, count)
		return binary.BigEndian.AppendUint32(e, value)
	}
	right := entry(0x0112, 3, 1, 6<<16)
	jpg, png := encodeJPEG(t, quadrantImage(48, 40)), encodePNG(t, quadrantImage(48, 40))
	for name, other := range map[string][]byte{
		"no type of TIFF":      entry(0x010e, 200, 7, 0),
		"a directory's offset": entry(0x010e, 13, 1, 0xffffffff),
		"an offset outside":    entry(0x010e, 2, 1000, 0x7fffffff),
		"a count of 2³² − 1":   entry(0x010e, 12, 0xffffffff, 8),
	} {
		exif := append([]byte("MM\x00*\x00\x00\x00\x08\x00\x02"), other...)
		exif = append(exif, right...)
		for _, data := range [][]byte{withEXIF(t, jpg, exif), withEXIF(t, png, exif)} {
			got, err := readImage(bytes.NewReader(data), "photo", DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			if c := corners(got); c != orientationCorners[6] {
				t.Errorf("%s: corners %s, want %s", name, c, orientationCorners[6])
			}
		}
	}
	// Bytes that fill up before a JPEG's marker.
	data := withEXIF(t, jpg, tiff(binary.LittleEndian, 6))
	data = bytes.Join([][]byte{data[:2], {0xff, 0xff}, data[2:]}, nil)
	got, err := readImage(bytes.NewReader(data), "photo", DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if c := corners(got); c != orientationCorners[6] {
		t.Errorf("filled up: corners %s, want %s", c, orientationCorners[6])
	}
}

func TestOrientationOfDamagedEXIFIsUpright(t *testing.T) {
	data := encodeJPEG(t, quadrantImage(48, 40))
	good := tiff(binary.LittleEndian, 6)
	for name, exif := range map[string][]byte{
		"value 0": tiff(binary.LittleEndian, 0), "value 9": tiff(binary.BigEndian, 9),
		"empty": {}, "cut": good[:14], "noise": []byte("this is no TIFF header at all"),
		"offset outside": append(append([]byte{}, good[:4]...), 0xff, 0xff, 0xff, 0x7f),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readImage(bytes.NewReader(withEXIF(t, data, exif)), "photo", DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			if c := corners(got); c != "ABCD" {
				t.Errorf("corners %s, want ABCD", c)
			}
		})
	}
}

// hugePNG claims 10,000×10,000 pixels in a file of some 50 bytes.
func hugePNG() []byte {
	ihdr := append([]byte("IHDR"), 0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, ihdr...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(ihdr))
	return append(out, 0, 0, 0, 0, 'I', 'D', 'A', 'T', 0x35, 0xaf, 0x06, 0x1e)
}

func TestReadFileBadInput(t *testing.T) {
	img := noise(64, 48, 1)
	jpg, pngData, bmpData := encodeJPEG(t, img), encodePNG(t, img), encodeBMP(t, img)
	webp := encodeWebP(quadrantImage(64, 48))
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"empty.jpg", nil, "the file is empty (0 bytes)"},
		{"text.jpg", []byte("<html>404</html>"), "not an image this program reads; convert it"},
		{"anim.gif", []byte("GIF89a\x01\x00\x01\x00"), "(it is a GIF)"},
		{"scan.tif", []byte("II*\x00\x08\x00\x00\x00"), "(it is a TIFF)"},
		{"phone.heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00"), "(it is a HEIC, AVIF or video file)"},
		{"paper.pdf", []byte("%PDF-1.7"), "(it is a PDF)"},
		{"header.jpg", jpg[:20], "the JPEG data is damaged or cut short"},
		{"cut.jpg", jpg[:len(jpg)/2], "the JPEG data is damaged or cut short"},
		{"cut.png", pngData[:len(pngData)/2], "the PNG data is damaged or cut short"},
		{"cut.bmp", bmpData[:len(bmpData)/2], "the BMP data is damaged or cut short"},
		{"cut.webp", webp[:len(webp)-20], "the WebP data is damaged"},
		{"flipped.png", append(append([]byte{}, pngData[:60]...), bytes.Repeat([]byte{0}, 500)...), "the PNG data is damaged"},
		{"animated.webp", animatedWebP(), "the WebP is animated; save one picture of it"},
		{"packed.bmp", append(bytes.Clone(bmpData[:30]), append([]byte{1}, bmpData[31:]...)...), "this kind of BMP is not read"},
		{"huge.png", hugePNG(), "10000×10000 pixels (100 megapixels) are more than the limit of 67.1 megapixels"},
	}
	dir := t.TempDir()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(dir, tt.name)
			if err := os.WriteFile(path, tt.data, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ReadFile(t.Context(), path)
			checkError(t, err, path, tt.want)
		})
	}
	t.Run("directory", func(t *testing.T) {
		_, err := ReadFile(t.Context(), dir)
		checkError(t, err, dir, "is a directory")
	})
	t.Run("missing", func(t *testing.T) {
		path := filepath.Join(dir, "nobody.jpg")
		_, err := ReadFile(t.Context(), path)
		checkError(t, err, path, "no such file")
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v does not wrap fs.ErrNotExist", err)
		}
	})
	t.Run("too many bytes", func(t *testing.T) {
		path := filepath.Join(dir, "large.bmp")
		if err := os.WriteFile(path, bmpData, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, DefaultLimits().Bytes+1); err != nil {
			t.Fatal(err)
		}
		_, err := ReadFile(t.Context(), path)
		checkError(t, err, path, "larger than the limit of 64 MiB")
		// A reader without a known size meets the same limit.
		_, err = readImage(bytes.NewReader(bmpData), "stream", Limits{Bytes: 1 << 10, Pixels: 1 << 20})
		checkError(t, err, "stream", "larger than the limit")
	})
}

func checkError(t *testing.T, err error, name, want string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	text := err.Error()
	if !strings.Contains(text, name) || !strings.Contains(text, want) || strings.Contains(text, "\n") {
		t.Errorf("error %q, want one line with %q and %q", text, name, want)
	}
}

func TestHasImageExtension(t *testing.T) {
	for name, want := range map[string]bool{
		"a.jpg": true, "a.JPEG": true, "a.PNG": true, "a.webp": true, "b.bmp": true, "a.gif": false, "jpg": false, "a.jpg.txt": false,
	} {
		if got := HasImageExtension(name); got != want {
			t.Errorf("HasImageExtension(%q) = %v, want %v", name, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	img := quadrantImage(20, 12)
	jpg := encodeJPEG(f, img)
	for _, data := range [][]byte{
		jpg, encodePNG(f, img), encodeBMP(f, img), encodeWebP(img), hugePNG(), jpg[:50],
		withEXIF(f, jpg, tiff(binary.LittleEndian, 6)), withEXIF(f, encodeWebP(img), tiff(binary.BigEndian, 8)),
		withEXIF(f, encodePNG(f, img), tiff(binary.BigEndian, 5)),
		progressiveJPEG(20, 12, 1, 2), progressiveJPEG(20, 12, 3, 2), progressiveJPEG(20, 12, 4, 2),
		plainPNG(f, 40, 33, 6, 16, 8), plainPNG(f, 40, 33, 0, 16, 2), plainPNG(f, 9, 5, 4, 8, 2),
		encodePNG(f, kinds(img)["Paletted"]), encodeBMP(f, kinds(img)["Paletted"]), riffFile(lossyWebP(20, 12)), transparentWebP(20, 12), animatedWebP(),
	} {
		f.Add(data)
	}
	lim := Limits{Bytes: 1 << 16, Pixels: 1 << 16}
	f.Fuzz(func(t *testing.T, data []byte) {
		var img image.Image
		var err error
		n := allocated(func() { img, err = readImage(bytes.NewReader(data), "fuzz", lim) })
		// 24 bytes a pixel, and 4 of what is turned upright.
		if most := 28*lim.Pixels + 8*len(data) + 1<<20; n > most {
			t.Errorf("a file of %d bytes takes %d bytes of memory", len(data), n)
		}
		if err != nil {
			if !strings.HasPrefix(err.Error(), "face: fuzz: ") || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is not one line that names the file", err)
			}
			return
		}
		b := img.Bounds()
		if b.Empty() || b.Dx() > lim.Pixels/b.Dy() {
			t.Fatalf("bounds %v are outside the limit", b)
		}
		mustLuma(t, img, b, 3)
		at := pixelReader(img)
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				at(x, y)
			}
		}
		if min(b.Dx(), b.Dy()) >= minSide {
			if crop, err := fixedCrop(img); err != nil || len(crop.Pix) != CropSize {
				t.Fatalf("crop of a decoded image: %d bytes, %v", len(crop.Pix), err)
			}
		}
	})
}

func FuzzOrientation(f *testing.F) {
	for value := range 10 {
		f.Add(tiff(binary.LittleEndian, value))
		f.Add(tiff(binary.BigEndian, value))
	}
	img := quadrantImage(8, 6)
	files := [][]byte{encodeJPEG(f, img), encodePNG(f, img), encodeWebP(img)}
	f.Fuzz(func(t *testing.T, exif []byte) {
		if len(exif) > 60000 {
			return // a JPEG segment holds no more
		}
		for _, data := range files {
			data = withEXIF(t, data, exif)
			format, _ := sniff(data)
			if v := orientation(data, format); v < 1 || v > 8 {
				t.Fatalf("%s: orientation %d", format.name, v)
			}
		}
	})
}

// Limits other than the default ones hold for files.
func TestLimitsOpen(t *testing.T) {
	lim := Limits{Bytes: 1000, Pixels: 1 << 20}
	_, err := lim.Open(portraitFile)
	checkError(t, err, "face: "+portraitFile, "larger than the limit of")
}
