package face

import (
	"bytes"
	"image"
	"io"

	"github.com/bep/imagemeta"
	"golang.org/x/image/riff"
)

// orientation returns the EXIF orientation of the encoded image, 1 to 8, where
// 1 means upright. Missing, damaged or meaningless data gives 1, as in every
// browser: a photo with a broken header is still a photo.
func orientation(data []byte, f *format) int {
	meta := f.meta
	switch meta {
	case imagemeta.ImageFormatAuto:
		return 1
	case imagemeta.WebP:
		// The library loses its way at chunks of odd length, which RIFF pads to an
		// even one; it is given the EXIF block alone, which is a TIFF file.
		data, meta = webpEXIF(data), imagemeta.TIFF
	}
	found := 1
	// The library recovers from panics of its own; an error leaves what was
	// found so far.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R:           bytes.NewReader(data),
		ImageFormat: meta,
		Sources:     imagemeta.EXIF,
		// The orientation has two bytes. Directories may lie on each other: a list of
		// thousands that all mean the largest one would take minutes.
		LimitTagSize: 4,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool {
			return tag.Tag == "Orientation" && tag.Namespace == "IFD0"
		},
		HandleTag: func(tag imagemeta.TagInfo) error {
			if v, ok := tag.Value.(uint16); ok && v >= 1 && v <= 8 {
				found = int(v)
			}
			return imagemeta.ErrStopWalking
		},
	})
	return found
}

// webpEXIF returns the content of the EXIF chunk of a WebP file, or nothing.
func webpEXIF(data []byte) []byte {
	_, r, err := riff.NewReader(bytes.NewReader(data))
	for err == nil {
		var id riff.FourCC
		var chunk io.Reader
		if id, _, chunk, err = r.Next(); err == nil && id == (riff.FourCC{'E', 'X', 'I', 'F'}) {
			exif, _ := io.ReadAll(chunk)
			// Some writers keep JPEG's marker before the TIFF header.
			return bytes.TrimPrefix(exif, []byte("Exif\x00\x00"))
		}
	}
	return nil
}

// upright returns the image as its EXIF orientation (CIPA DC-008, tag 0x0112)
// wants it shown: values 2, 4, 5 and 7 are mirrored, 5 to 8 swap the sides.
// Orientation 1 returns img itself; the others return a copy of 8-bit colour.
func upright(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	outW, outH := w, h
	if orientation >= 5 {
		outW, outH = h, w
	}
	at := pixelReader(img)
	out := image.NewNRGBA(image.Rect(0, 0, outW, outH))
	for y := range outH {
		row := out.Pix[y*out.Stride:]
		for x := range outW {
			var sx, sy int
			switch orientation {
			case 2: // mirrored
				sx, sy = w-1-x, y
			case 3: // half a turn
				sx, sy = w-1-x, h-1-y
			case 4: // upside down and mirrored
				sx, sy = x, h-1-y
			case 5: // transposed
				sx, sy = y, x
			case 6: // to be turned a quarter clockwise
				sx, sy = y, h-1-x
			case 7: // transposed along the other diagonal
				sx, sy = w-1-y, h-1-x
			case 8: // to be turned a quarter anticlockwise
				sx, sy = w-1-y, x
			}
			row[4*x], row[4*x+1], row[4*x+2] = at(b.Min.X+sx, b.Min.Y+sy)
			row[4*x+3] = 0xff
		}
	}
	return out
}
