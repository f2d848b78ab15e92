package face

import (
	"image"
	"image/color"
)

// pixelReader returns a function that gives the 8-bit RGB colour of a pixel of
// img, in the image's own coordinates. Transparency is dropped, not blended, as
// the field's tools (OpenCV, PIL's convert("RGB")) do. The common image types
// have a path of their own that gives the same values as the general one.
func pixelReader(img image.Image) func(x, y int) (r, g, b uint8) {
	switch m := img.(type) {
	case *image.YCbCr:
		return ycbcrReader(m)
	case *image.NYCbCrA: // WebP with transparency
		return ycbcrReader(&m.YCbCr)
	case *image.Gray:
		return func(x, y int) (r, g, b uint8) {
			v := m.Pix[m.PixOffset(x, y)]
			return v, v, v
		}
	case *image.NRGBA:
		return func(x, y int) (r, g, b uint8) {
			i := m.PixOffset(x, y)
			return m.Pix[i], m.Pix[i+1], m.Pix[i+2]
		}
	case *image.RGBA:
		if !m.Opaque() { // the values are multiplied by alpha
			return generalReader(m)
		}
		return func(x, y int) (r, g, b uint8) {
			i := m.PixOffset(x, y)
			return m.Pix[i], m.Pix[i+1], m.Pix[i+2]
		}
	}
	return generalReader(img)
}

func ycbcrReader(m *image.YCbCr) func(x, y int) (r, g, b uint8) {
	return func(x, y int) (r, g, b uint8) {
		c := m.COffset(x, y)
		return color.YCbCrToRGB(m.Y[m.YOffset(x, y)], m.Cb[c], m.Cr[c])
	}
}

func generalReader(img image.Image) func(x, y int) (r, g, b uint8) {
	return func(x, y int) (r, g, b uint8) {
		c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
		return c.R, c.G, c.B
	}
}
