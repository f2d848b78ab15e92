package face

import (
	"image"
	"image/color"
)

// What decoders take, in bytes a pixel, beside the file.

// costOfJPEG: a byte a sample, five in a progressive one, whose coefficients are
// kept until its end; four more for colours that are not stored as such.
func costOfJPEG(data []byte, c image.Config) int64 {
	samples, converted := int64(4), int64(4)
	switch c.ColorModel {
	case color.GrayModel:
		samples, converted = 1, 0
	case color.YCbCrModel:
		samples, converted = 3, 0
	}
	for marker := range segments(data) {
		if marker == progressiveFrame {
			return 5*samples + converted
		}
		if marker == startOfScan {
			break
		}
	}
	return samples + converted
}

// costOfPNG: the header's bits a channel are at 24, and at 28 whether it is
// interlaced, and then has its passes as images of their own beside it.
func costOfPNG(data []byte, _ image.Config) int64 {
	cost := int64(5)
	if data[24] == 16 {
		cost = 9
	}
	if data[28] != 0 {
		cost *= 2
	}
	return cost
}
