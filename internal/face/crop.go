package face

import (
	"image"
)

// The size of an aligned crop in pixels, and the number of its bytes.
const (
	CropHeight = 112
	CropWidth  = 96
	CropSize   = 3 * CropHeight * CropWidth
)

// The network's input is x = (v − PixelMean) / PixelScale of an 8-bit value v,
// as in the SphereFace authors' published preprocessing.
const (
	PixelMean  = 127.5
	PixelScale = 128
)

// Template returns the five points (left eye, right eye, nose tip, left and
// right corner of the mouth, as the viewer sees them) that an aligned face has
// in crop pixels, each as x, y. They are the reference points of the SphereFace
// authors' alignment for a crop 96 wide and 112 high.
func Template() [5][2]float64 {
	return [5][2]float64{
		{30.2946, 51.6963},
		{65.5318, 51.5014},
		{48.0252, 71.7366},
		{33.5493, 92.3655},
		{62.7299, 92.2041},
	}
}

// Crop is an aligned face: 8-bit RGB, row-major H×W×3, CropSize bytes.
type Crop struct{ Pix []uint8 }

// NewCrop returns a black crop.
func NewCrop() Crop { return Crop{Pix: make([]uint8, CropSize)} }

// Image returns the crop as an opaque image of its own.
func (c Crop) Image() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, CropWidth, CropHeight))
	for i := range CropHeight * CropWidth {
		copy(img.Pix[4*i:4*i+3], c.Pix[3*i:3*i+3])
		img.Pix[4*i+3] = 0xff
	}
	return img
}
