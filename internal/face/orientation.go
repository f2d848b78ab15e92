package face

import (
	"bytes"
	"encoding/binary"
	"io"

	"golang.org/x/image/riff"
)

// orientation returns the EXIF orientation of the encoded image, 1 to 8, where
// 1 means upright. Missing, damaged or meaningless data gives 1, as in every
// browser: a photo with a broken header is still a photo.
func orientation(data []byte, f *format) int {
	const tag, short = 0x0112, 3 // CIPA DC-008, table 4; a number of two bytes
	order, entries := tiffDirectory(f.exif(data))
	// The other entries are passed over whatever they are: they may be of types that
	// were made up later, and lead anywhere.
	for ; len(entries) >= 12; entries = entries[12:] {
		if order.Uint16(entries) == tag && order.Uint16(entries[2:]) == short && order.Uint32(entries[4:]) == 1 {
			if v := order.Uint16(entries[8:]); v >= 1 && v <= 8 {
				return int(v)
			}
			return 1
		}
	}
	return 1
}

// tiffDirectory returns the byte order of a TIFF file and the entries of its first
// directory, 12 bytes each: those that there are, if it is damaged.
func tiffDirectory(tiff []byte) (order binary.ByteOrder, entries []byte) {
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	}
	if order == nil || len(tiff) < 8 {
		return nil, nil
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return nil, nil
	}
	entries = tiff[at+2:]
	return order, entries[:min(12*int(order.Uint16(tiff[at:])), len(entries))]
}

// exifOfJPEG returns the content of the first EXIF segment.
func exifOfJPEG(data []byte) []byte {
	const app1 = 0xe1
	for marker, content := range segments(data) {
		if exif, ok := bytes.CutPrefix(content, []byte("Exif\x00\x00")); ok && marker == app1 {
			return exif
		}
	}
	return nil
}

// exifOfPNG returns the content of the EXIF chunk.
func exifOfPNG(data []byte) []byte {
	const signature, frame = 8, 12 // bytes; of each chunk length, name and checksum
	for rest := data[min(signature, len(data)):]; len(rest) >= frame; {
		size := uint64(binary.BigEndian.Uint32(rest))
		if size > uint64(len(rest)-frame) {
			return nil
		}
		if string(rest[4:8]) == "eXIf" {
			return rest[8 : 8+size]
		}
		rest = rest[frame+size:]
	}
	return nil
}

// exifOfWebP returns the content of the EXIF chunk.
func exifOfWebP(data []byte) []byte {
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
