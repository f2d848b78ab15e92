package face

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"
)

// format is an image format that Decode reads. The table below is used in place
// of the image package's registry, because that one takes in every decoder that
// any dependency happens to link.
type format struct {
	name       string
	extensions []string
	match      func(data []byte) bool
	config     func(io.Reader) (image.Config, error)
	decode     func(io.Reader) (image.Image, error)

	// refuse says why a sound file is not decoded; nil if there is no reason.
	refuse func(data []byte) error
	// least is the number of bytes that a whole file with w×h pixels has at least;
	// nil if there is no such number.
	least func(data []byte, w, h int64) int64
	// cost is the memory of decoding in bytes a pixel, at most.
	cost func(data []byte, c image.Config) int64
	// exif returns the EXIF data, which begins with a TIFF header, or nothing.
	exif func(data []byte) []byte
}

func formats() []*format {
	return []*format{
		{
			name: "JPEG", extensions: []string{".jpg", ".jpeg"}, match: prefix("\xff\xd8\xff"),
			config: jpeg.DecodeConfig, decode: jpeg.Decode, exif: exifOfJPEG,
			refuse: refuseJPEG, least: leastJPEG, cost: costOfJPEG,
		},
		{
			name: "PNG", extensions: []string{".png"}, match: prefix("\x89PNG\r\n\x1a\n"),
			config: png.DecodeConfig, decode: png.Decode, exif: exifOfPNG,
			least: leastPNG, cost: costOfPNG,
		},
		{
			name: "WebP", extensions: []string{".webp"}, match: isWebP,
			config: webp.DecodeConfig, decode: webp.Decode, exif: exifOfWebP,
			refuse: refuseWebP, cost: func([]byte, image.Config) int64 { return 6 },
		},
		{
			name: "BMP", extensions: []string{".bmp"}, match: prefix("BM"),
			config: bmp.DecodeConfig, decode: bmp.Decode, exif: func([]byte) []byte { return nil },
			least: leastBMP, cost: func([]byte, image.Config) int64 { return 4 },
		},
	}
}

// Extensions returns the file name extensions of the formats that Decode reads,
// in lower case and with the dot, in the order of preference.
func Extensions() []string {
	var list []string
	for _, f := range formats() {
		list = append(list, f.extensions...)
	}
	return list
}

// HasImageExtension reports whether the file name has one of Extensions, in
// lower or upper case.
func HasImageExtension(name string) bool {
	return slices.Contains(Extensions(), strings.ToLower(filepath.Ext(name)))
}

func sniff(data []byte) (*format, bool) {
	for _, f := range formats() {
		if f.match(data) {
			return f, true
		}
	}
	return nil, false
}

func prefix(magic string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }
}

func isWebP(data []byte) bool {
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// isUnsupported reports whether a decoder's error says that the file is sound
// but uses what the decoder lacks.
func isUnsupported(err error) bool {
	var jpegErr jpeg.UnsupportedError
	var pngErr png.UnsupportedError
	return errors.As(err, &jpegErr) || errors.As(err, &pngErr) || errors.Is(err, bmp.ErrUnsupported)
}

// guess names common formats that Decode does not read, so that the message
// tells the user what the file is.
func guess(data []byte) string {
	switch {
	case prefix("GIF8")(data):
		return " (it is a GIF)"
	case prefix("II*\x00")(data), prefix("MM\x00*")(data):
		return " (it is a TIFF)"
	case len(data) >= 12 && string(data[4:8]) == "ftyp":
		return " (it is a HEIC, AVIF or video file)"
	case prefix("%PDF")(data):
		return " (it is a PDF)"
	}
	return ""
}
