package face

import (
	"bytes"
	"image"
	"image/color"
	"testing"
)

// brightness is what luma means, pixel by pixel and through the image's own
// interface.
func brightness(img image.Image, area image.Rectangle, side int) []uint8 {
	var out []uint8
	for top := area.Min.Y; top < area.Max.Y; top += side {
		for left := area.Min.X; left < area.Max.X; left += side {
			square := image.Rect(left, top, left+side, top+side).Intersect(area)
			sum := 0
			for y := square.Min.Y; y < square.Max.Y; y++ {
				for x := square.Min.X; x < square.Max.X; x++ {
					switch c := img.At(x, y).(type) {
					case color.YCbCr:
						sum += int(c.Y)
					case color.NYCbCrA:
						sum += int(c.Y)
					default:
						n := color.NRGBAModel.Convert(c).(color.NRGBA)
						sum += (299*int(n.R) + 587*int(n.G) + 114*int(n.B) + 500) / 1000
					}
				}
			}
			n := square.Dx() * square.Dy()
			out = append(out, uint8((sum+n/2)/n))
		}
	}
	return out
}

func TestLumaIsItsDefinition(t *testing.T) {
	src := noise(37, 29, 2).SubImage(image.Rect(3, 2, 34, 27))
	images := kinds(src)
	images["part of another"] = within(t, src, image.Pt(5, 8))
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420} {
		plain, alpha := ycbcr(src, ratio)
		images["YCbCr "+ratio.String()], images["NYCbCrA "+ratio.String()] = plain, alpha
	}
	images["part of YCbCr"] = images["YCbCr "+image.YCbCrSubsampleRatio420.String()].(*image.YCbCr).SubImage(image.Rect(6, 5, 31, 26))
	images["part of Gray"] = images["Gray"].(*image.Gray).SubImage(image.Rect(6, 5, 31, 26))
	for name, img := range images {
		b := img.Bounds()
		for _, area := range []image.Rectangle{b, b.Inset(3), {b.Max.Sub(image.Pt(1, 1)), b.Max}} {
			for _, side := range []int{1, 2, 3, 7, 50} {
				g := mustLuma(t, img, area, side)
				if want := brightness(img, area, side); !bytes.Equal(g.Pix, want) {
					t.Errorf("%s, area %v, squares of %d: other values than the definition's", name, area, side)
				}
				if w, h := (area.Dx()+side-1)/side, (area.Dy()+side-1)/side; g.W != w || g.H != h {
					t.Errorf("%s, area %v, squares of %d: %d×%d, want %d×%d", name, area, side, g.W, g.H, w, h)
				}
			}
		}
	}
}

// Kinds of images agree: exactly where they hold the same colours, else within the
// rounding of their colours.
func TestLumaOfKindsAgrees(t *testing.T) {
	src := noise(40, 30, 3)
	want := mustLuma(t, src, src.Rect, 1).Pix
	yuv, _ := ycbcr(src, image.YCbCrSubsampleRatio420)
	all := kinds(src)
	all["YCbCr"] = yuv
	for name, img := range all {
		// Gray rounds the same weights once more; a palette of 256 colours is coarse.
		tolerance := map[string]int{"Gray": 1, "Gray16": 1, "YCbCr": 1, "CMYK": 1, "Paletted": 48}[name]
		for i, v := range mustLuma(t, img, src.Rect, 1).Pix {
			if abs(int(v)-int(want[i])) > tolerance {
				t.Errorf("%s: brightness %d at %d, of the same picture in NRGBA it is %d", name, v, i, want[i])
				break
			}
		}
	}
}
