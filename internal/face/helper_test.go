package face

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/bmp"

	"github.com/sphereface-go/sphereface/internal/face/pico"
)

// The corners of the quadrant image, so that every orientation shows. Red and
// green have two values and blue one, which is all that the WebP writer below
// can do.
var quadrants = [4]color.NRGBA{
	{0, 0, 0, 255},     // A, upper left: black
	{255, 0, 0, 255},   // B, upper right: red
	{0, 255, 0, 255},   // C, lower left: green
	{255, 255, 0, 255}, // D, lower right: yellow
}

func quadrantImage(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			i := 0
			if x >= w/2 {
				i++
			}
			if y >= h/2 {
				i += 2
			}
			img.SetNRGBA(x, y, quadrants[i])
		}
	}
	return img
}

// noise is an image whose every pixel differs, in all channels.
func noise(w, h int, seed uint64) *image.NRGBA {
	rng := rand.New(rand.NewPCG(seed, 1))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(rng.Uint32())
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	return img
}

func encodeJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func encodePNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func encodeBMP(t testing.TB, img image.Image) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := bmp.Encode(&buf, img); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// encodeWebP writes a lossless WebP image (RFC 9649) of a picture whose red and
// green are 0 or 255 and whose blue is 0: each channel then has a prefix code of
// one bit a pixel or of none.
func encodeWebP(img *image.NRGBA) []byte {
	var bits bitWriter
	w, h := img.Rect.Dx(), img.Rect.Dy()
	bits.write(uint32(w-1), 14)
	bits.write(uint32(h-1), 14)
	bits.write(0, 1+3)   // no alpha, version 0
	bits.write(0, 1+1+1) // no transform, no colour cache, one group of prefix codes
	two := func() {      // simple code of the two symbols 0 and 255
		bits.write(1, 1)   // simple
		bits.write(1, 1)   // two symbols
		bits.write(0, 1)   // the first is a single bit
		bits.write(0, 1)   // 0
		bits.write(255, 8) // 255
	}
	one := func(symbol uint32) {
		bits.write(1, 1)
		bits.write(0, 1)
		bits.write(1, 1)
		bits.write(symbol, 8)
	}
	two()    // green
	two()    // red
	one(0)   // blue
	one(255) // alpha
	one(0)   // distance
	for i := 0; i < len(img.Pix); i += 4 {
		bits.write(uint32(img.Pix[i+1])&1, 1)
		bits.write(uint32(img.Pix[i])&1, 1)
	}
	return riffFile(riffChunk("VP8L", append([]byte{0x2f}, bits.bytes()...)))
}

type bitWriter struct {
	out  []byte
	used uint
}

func (b *bitWriter) write(v uint32, n uint) {
	for i := range n {
		if b.used%8 == 0 {
			b.out = append(b.out, 0)
		}
		b.out[len(b.out)-1] |= byte(v>>i&1) << (b.used % 8)
		b.used++
	}
}

func (b *bitWriter) bytes() []byte { return b.out }

func riffChunk(id string, data []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(id), uint32(len(data)))
	out = append(out, data...)
	if len(data)%2 == 1 {
		out = append(out, 0)
	}
	return out
}

func riffFile(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// tiff is the smallest EXIF block: one directory with the orientation alone.
func tiff(order binary.AppendByteOrder, orientation int) []byte {
	out := []byte("II")
	if order == binary.AppendByteOrder(binary.BigEndian) {
		out = []byte("MM")
	}
	out = order.AppendUint16(out, 42)
	out = order.AppendUint32(out, 8)      // offset of the directory
	out = order.AppendUint16(out, 1)      // one entry
	out = order.AppendUint16(out, 0x0112) // Orientation
	out = order.AppendUint16(out, 3)      // SHORT
	out = order.AppendUint32(out, 1)      // one value
	out = order.AppendUint16(out, uint16(orientation))
	out = order.AppendUint16(out, 0)
	return order.AppendUint32(out, 0) // no further directory
}

func withEXIF(t testing.TB, data, exif []byte) []byte {
	t.Helper()
	f, ok := sniff(data)
	if !ok {
		t.Fatal("withEXIF: unknown format")
	}
	switch f.name {
	case "JPEG":
		body := append([]byte("Exif\x00\x00"), exif...)
		out := append([]byte{}, data[:2]...)
		out = append(out, 0xff, 0xe1)
		out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
		return append(append(out, body...), data[2:]...)
	case "PNG":
		const ihdrEnd = 8 + 4 + 4 + 13 + 4
		body := append([]byte("eXIf"), exif...)
		out := append([]byte{}, data[:ihdrEnd]...)
		out = binary.BigEndian.AppendUint32(out, uint32(len(exif)))
		out = append(out, body...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
		return append(out, data[ihdrEnd:]...)
	case "WebP":
		config, err := f.config(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		head := []byte{1 << 3, 0, 0, 0} // EXIF present
		for _, n := range []int{config.Width - 1, config.Height - 1} {
			head = append(head, byte(n), byte(n>>8), byte(n>>16))
		}
		return riffFile(riffChunk("VP8X", head), data[12:], riffChunk("EXIF", exif))
	}
	t.Fatalf("withEXIF: %s carries no EXIF", f.name)
	return nil
}

func fixedCrop(img image.Image) (Crop, error) {
	f, err := AlignFixed.Frame(context.Background(), img)
	if err != nil {
		return Crop{}, err
	}
	return Cut(context.Background(), img, f.Transform)
}

// mustCut, mustWarp and mustLuma are Cut, Warp and luma without an end.
func mustCut(t testing.TB, img image.Image, tr Transform) Crop {
	t.Helper()
	crop, err := Cut(t.Context(), img, tr)
	if err != nil {
		t.Fatal(err)
	}
	return crop
}

func mustWarp(t testing.TB, img image.Image, tr Transform, w, h int) []uint8 {
	t.Helper()
	pix, err := Warp(t.Context(), img, tr, w, h)
	if err != nil {
		t.Fatal(err)
	}
	return pix
}

func mustLuma(t testing.TB, img image.Image, area image.Rectangle, side int) pico.Gray {
	t.Helper()
	g, err := luma(t.Context(), img, area, side)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func mustPatch(t testing.TB, img image.Image, tr Transform) pico.Gray {
	t.Helper()
	g, err := cutPatch(t.Context(), img, tr)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func mustUpright(t testing.TB, img image.Image, orientation int) image.Image {
	t.Helper()
	img, err := upright(t.Context(), img, orientation)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// readCrop crops a photo by an alignment, and gives its error where ReadCropOrFixed
// gives the fixed frame.
func readCrop(t testing.TB, a Alignment, path string) (Crop, error) {
	t.Helper()
	img, err := ReadFile(t.Context(), path)
	if err != nil {
		return Crop{}, err
	}
	f, err := a.Frame(t.Context(), img)
	if err != nil {
		return Crop{}, fmt.Errorf("face: %s: %w", path, err)
	}
	return mustCut(t, img, f.Transform), nil
}
