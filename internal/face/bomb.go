package face

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// leastPNG: deflate makes at most 258 bytes of two bits. The header's bits a
// channel are at 24, its kind of colour at 25.
func leastPNG(data []byte, w, h int64) int64 {
	channels := map[byte]int64{2: 3, 4: 2, 6: 4}[data[25]]
	bits := max(channels, 1) * int64(data[24])
	return w * h * bits / 8 / 1032
}

// leastJPEG: each block of 8×8 pixels has a code, and a code a bit.
func leastJPEG(_ []byte, w, h int64) int64 { return (w / 8) * (h / 8) / 8 }

// leastBMP: pixels of so many bits as stand at 28 are stored as they are.
func leastBMP(data []byte, w, h int64) int64 {
	bits := int64(binary.LittleEndian.Uint16(data[28:]))
	return (w*bits + 31) / 32 * 4 * h
}

// mostScans are far more than encoders write: ten, and some twenty at most. A
// progressive JPEG may have thousands in a few bytes each, and each takes the time
// of the whole image.
const mostScans = 100

func refuseJPEG(data []byte) error {
	if scans(data) > mostScans {
		return fmt.Errorf("the JPEG has more than %d scans; export it again as a baseline JPEG", mostScans)
	}
	return nil
}

// scans counts the scans of a JPEG up to its end or to what is no JPEG.
func scans(data []byte) int {
	n := 0
	for marker := range segments(data) {
		if marker == startOfScan {
			n++
		}
	}
	return n
}

// refuseWebP tells an animated file, which the decoder would take for a damaged
// one. The flag is in the first chunk.
func refuseWebP(data []byte) error {
	const animated = 1 << 1
	if len(data) > 20 && string(data[12:16]) == "VP8X" && data[20]&animated != 0 {
		return errors.New("the WebP is animated; save one picture of it as JPEG, PNG or WebP")
	}
	return nil
}
