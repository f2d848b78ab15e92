package face

import (
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"math/rand/v2"
	"testing"
)

// kinds returns the picture as every kind of image that a program may hand over,
// each exactly what the picture is or the nearest that it can be.
func kinds(src image.Image) map[string]image.Image {
	b := src.Bounds()
	all := map[string]draw.Image{
		"Gray": image.NewGray(b), "Gray16": image.NewGray16(b), "RGBA": image.NewRGBA(b), "RGBA64": image.NewRGBA64(b),
		"NRGBA": image.NewNRGBA(b), "NRGBA64": image.NewNRGBA64(b), "CMYK": image.NewCMYK(b), "Paletted": image.NewPaletted(b, palette.Plan9),
	}
	out := map[string]image.Image{}
	for name, dst := range all {
		draw.Draw(dst, b, src, b.Min, draw.Src)
		out[name] = dst
	}
	// Colours stay what they are; only the alpha differs from pixel to pixel.
	through := image.NewNRGBA(b)
	draw.Draw(through, b, src, b.Min, draw.Src)
	rng := rand.New(rand.NewPCG(7, 7))
	for i := 3; i < len(through.Pix); i += 4 {
		through.Pix[i] = uint8(rng.Uint32())
	}
	out["NRGBA transparent"] = through
	out["own"] = own{src}
	return out
}

// own is an image of a type that this package does not know.
type own struct{ image.Image }

// ycbcr returns the picture as a JPEG's planes would have it, with and without
// alpha.
func ycbcr(src image.Image, ratio image.YCbCrSubsampleRatio) (*image.YCbCr, *image.NYCbCrA) {
	b := src.Bounds()
	m := image.NewYCbCr(b, ratio)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.YCbCrModel.Convert(src.At(x, y)).(color.YCbCr)
			m.Y[m.YOffset(x, y)] = c.Y
			m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = c.Cb, c.Cr
		}
	}
	return m, &image.NYCbCrA{YCbCr: *m, A: make([]uint8, b.Dx()*b.Dy()), AStride: b.Dx()}
}

// within returns the picture as a part of a larger noisy image, so that its bounds
// begin elsewhere and its rows are longer than it is wide.
func within(t testing.TB, src image.Image, at image.Point) image.Image {
	t.Helper()
	b := src.Bounds()
	rect := b.Sub(b.Min).Add(at)
	large := noise(rect.Max.X+9, rect.Max.Y+7, 11)
	draw.Draw(large, rect, src, b.Min, draw.Src)
	return large.SubImage(rect)
}
