package face

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"testing"
	"time"
)

// segment is a JPEG's marker with its length and content.
// progressiveJPEG writes a black picture of one to four colours, 8-bit, as one scan
// of the lowest frequency and so many more that change nothing: of each there are
// two bytes for 16,384 blocks of 8×8 pixels.
// pngChunk is a chunk of a PNG file.
// plainPNG writes a picture of zeros with the kind of colour and bits a channel,
// and chunks before its pixels.
// deflated is a zlib stream of n zeros, a thousandth as long.
// allocated returns the bytes that a function allocates, freed or not, which is
// more than it holds at any time.
// A file that claims a large image in a few bytes is refused before memory is taken
// for its pixels.
func TestBombsAreRefusedByTheirHeader(t *testing.T) {
	img := quadrantImage(64, 48)
	jpg, bmpData := progressiveJPEG(8000, 8000, 3, 0), encodeBMP(t, img)
	set := func(data []byte, at int, v uint32) []byte {
		data = bytes.Clone(data)
		binary.LittleEndian.PutUint32(data[at:], v)
		return data
	}
	// A lossless WebP of 16384×16384 pixels of one colour.
	webp := []byte{0x2f, 0xff, 0xff, 0xff, 0x0f}
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"PNG over the limit", hugePNG(), "10000×10000 pixels (100 megapixels) are more than the limit"},
		// The checksum is wrong too.
		{"PNG, sides of 31 bits", set(set(hugePNG(), 16, 0xffffff7f), 20, 0xffffff7f), "PNG"},
		{"PNG below the limit", plainPNG(t, 8000, 8000, 6, 16, 0), "8000×8000 pixels take at least 496124 bytes, the file has"},
		{"JPEG over the limit", segmentSize(jpg, 65500, 65500), "65500×65500 pixels (4290 megapixels) are more than the limit"},
		{"JPEG below the limit", jpg[:400], "8000×8000 pixels take at least 125000 bytes, the file has 400"},
		{"BMP over the limit", set(set(bmpData, 18, 60000), 22, 60000), "60000×60000 pixels"},
		{"BMP below the limit", set(set(bmpData, 18, 8000), 22, 8000), "8000×8000 pixels take at least 192000000 bytes, the file has"},
		{"BMP, negative width", set(bmpData, 18, 0x80000000), "this kind of BMP is not read"},
		{"BMP, most negative height", set(bmpData, 22, 0x80000000), "64×2147483648 pixels"},
		{"WebP over the limit", riffFile(riffChunk("VP8L", webp)), "16384×16384 pixels (268 megapixels) are more than the limit"},
		{"WebP with another size inside", riffFile(riffChunk("VP8X", []byte{0, 0, 0, 0, 9, 0, 0, 9, 0, 0}), riffChunk("VP8L", webp)), "the WebP data is damaged"},
		{"WebP, a canvas of 48 bits", riffFile(riffChunk("VP8X", []byte{16, 0, 0, 0, 255, 255, 255, 255, 255, 255}), riffChunk("ALPH", []byte{0})), "the WebP"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			n := allocated(func() { _, err = readImage(bytes.NewReader(c.data), "bomb", DefaultLimits()) })
			checkError(t, err, "face: bomb: ", c.want)
			if n > 8*len(c.data)+1<<20 {
				t.Errorf("%d bytes of memory for a file of %d", n, len(c.data))
			}
		})
	}
}

// segmentSize changes the size in a JPEG's frame header.
// The smallest whole files of a size are read: what is refused is truly too short.
func TestSmallestFilesAreRead(t *testing.T) {
	slow(t)
	for name, data := range map[string][]byte{
		"PNG, 16 bits": plainPNG(t, 1200, 900, 6, 16, 8), "PNG": plainPNG(t, 1200, 900, 2, 8, 3), "PNG, grey": plainPNG(t, 1200, 900, 0, 8, 1),
		"JPEG, grey": progressiveJPEG(1201, 903, 1, 0), "JPEG": progressiveJPEG(500, 300, 3, 2), "JPEG, one block": progressiveJPEG(1, 1, 1, 0),
		"BMP": encodeBMP(t, quadrantImage(33, 7)), "BMP, palette": encodeBMP(t, image.NewPaletted(image.Rect(0, 0, 37, 5), color.Palette{color.Black, color.White})),
		"WebP": encodeWebP(quadrantImage(1200, 900)),
	} {
		if _, err := readImage(bytes.NewReader(data), name, DefaultLimits()); err != nil {
			t.Error(err)
		}
	}
}

// What decoding takes a pixel, at most, as Limits says.
func TestDecodingIsBounded(t *testing.T) {
	slow(t)
	const side = 512
	alpha := riffFile(riffChunk("VP8X", []byte{16, 0, 0, 0, 255, 1, 0, 255, 1, 0}), riffChunk("VP8L", encodeWebP(quadrantImage(side, side))[20:]))
	for _, c := range []struct {
		name string
		data []byte
		most int // bytes a pixel
	}{
		{"PNG", plainPNG(t, side, side, 2, 8, 3), 5},
		{"PNG, grey", plainPNG(t, side, side, 0, 8, 1), 2},
		{"PNG, 16 bits with alpha", plainPNG(t, side, side, 6, 16, 8), 9},
		{"JPEG, progressive, grey", progressiveJPEG(side, side, 1, 3), 6},
		{"JPEG, progressive", progressiveJPEG(side, side, 3, 3), 16},
		{"JPEG, progressive, four colours", progressiveJPEG(side, side, 4, 3), 25},
		{"JPEG", encodeJPEG(t, quadrantImage(side, side)), 3},
		{"BMP", encodeBMP(t, quadrantImage(side, side)), 20}, // the file itself is read with 4 bytes a pixel
		{"WebP", encodeWebP(quadrantImage(side, side)), 6},
		{"WebP with alpha", alpha, 6},
	} {
		var err error
		n := allocated(func() { _, err = readImage(bytes.NewReader(c.data), c.name, DefaultLimits()) })
		if err != nil {
			t.Error(err)
		}
		t.Logf("%s: %.1f bytes a pixel", c.name, float64(n)/side/side)
		if n > c.most*side*side+1<<19 {
			t.Errorf("%s: %.1f bytes of memory a pixel, want at most %d", c.name, float64(n)/side/side, c.most)
		}
	}
}

func TestManyScansAreRefused(t *testing.T) {
	for _, more := range []int{0, 9, mostScans - 1} {
		data := progressiveJPEG(64, 64, 3, more)
		if got := scans(data); got != more+1 {
			t.Errorf("%d scans counted, want %d", got, more+1)
		}
		if _, err := readImage(bytes.NewReader(data), "photo", DefaultLimits()); err != nil {
			t.Error(err)
		}
	}
	// 20,000 scans of half a megapixel, in 220 KB: half a minute.
	data := progressiveJPEG(1000, 500, 1, 20000)
	begin := time.Now()
	_, err := readImage(bytes.NewReader(data), "photo", DefaultLimits())
	checkError(t, err, "face: photo: ", "the JPEG has more than 100 scans; export it again")
	if d := time.Since(begin); d > time.Second {
		t.Errorf("refused after %v", d)
	}
	// What follows the end of the image is none of its scans, nor are the scans of a
	// preview in its metadata.
	img := encodeJPEG(t, quadrantImage(40, 40))
	preview := segment(0xe2, progressiveJPEG(8, 8, 1, 200)...)
	for name, data := range map[string][]byte{
		"behind": append(bytes.Clone(img), progressiveJPEG(8, 8, 1, 200)...),
		"within": append(append([]byte("\xff\xd8"), preview...), img[2:]...),
	} {
		if n := scans(data); n != 1 {
			t.Errorf("%s: %d scans, want 1", name, n)
		}
		if _, err := readImage(bytes.NewReader(data), name, DefaultLimits()); err != nil {
			t.Error(err)
		}
	}
}

// Bombs beside the pixels are never unpacked.
func TestBombsInMetadata(t *testing.T) {
	slow(t)
	img := quadrantImage(48, 40)
	bomb := deflated(t, 16<<20)
	named := func(name string, content []byte) []byte { return append([]byte(name+"\x00\x00"), content...) }
	png := encodePNG(t, img)
	const ihdrEnd = 8 + 4 + 4 + 13 + 4
	withChunk := func(name string, content []byte) []byte {
		return bytes.Join([][]byte{png[:ihdrEnd], pngChunk(name, content), png[ihdrEnd:]}, nil)
	}
	// Directories that lie on each other: 2,500 lists of 65,535 entries, all the same.
	exif := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x4a\x00\x04\x00\x00\x09\xc4\x00\x00\x00\x1a\x00\x00\x00\x00")
	exif = append(exif, bytes.Repeat([]byte{0, 0, 0x27, 0x2a}, 2500)...) // all at 10026
	exif = append(exif, 0xff, 0xff)
	exif = append(exif, bytes.Repeat([]byte("\x01\x00\x00\x03\x7f\xff\xff\xff\x00\x00\x00\x00"), 65535)...)
	for name, data := range map[string][]byte{
		"PNG, iCCP":              withChunk("iCCP", named("profile", bomb)),
		"PNG, zTXt":              withChunk("zTXt", named("Comment", bomb)),
		"PNG, zTXt of EXIF":      withChunk("zTXt", named("Raw profile type exif", bomb)),
		"PNG, zTXt of IPTC":      withChunk("zTXt", named("Raw profile type iptc", bomb)),
		"PNG, iTXt":              withChunk("iTXt", append([]byte("XML:com.adobe.xmp\x00\x01\x00\x00\x00"), bomb...)),
		"PNG, EXIF directories":  withEXIF(t, png, exif),
		"WebP, EXIF directories": withEXIF(t, encodeWebP(img), exif),
		"JPEG, EXIF directories": withEXIF(t, encodeJPEG(t, img), exif[:65000]),
		"PNG, behind the pixels": append(bytes.Clone(png), bomb...),
	} {
		t.Run(name, func(t *testing.T) {
			var got image.Image
			var err error
			begin := time.Now()
			n := allocated(func() { got, err = readImage(bytes.NewReader(data), "photo", DefaultLimits()) })
			if err != nil {
				t.Fatal(err)
			}
			if c := corners(got); c != "ABCD" {
				t.Errorf("corners %s, want ABCD", c)
			}
			if n > 8*len(data)+1<<20 {
				t.Errorf("%d bytes of memory for a file of %d", n, len(data))
			}
			// It takes a few milliseconds; unpacked or walked through, many seconds.
			if d := time.Since(begin); d > 2*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
	// A PNG whose pixels go on and on stops where its image ends.
	long := plainPNG(t, 40, 40, 2, 8, 1<<16)
	var err error
	n := allocated(func() { _, err = readImage(bytes.NewReader(long), "photo", DefaultLimits()) })
	checkError(t, err, "face: photo: ", "the PNG data is damaged")
	if n > 1<<20 {
		t.Errorf("%d bytes of memory for 40×40 pixels", n)
	}
}

// Decoding stops when its context is done, in whatever format.
