package face

import (
	"context"
	"image"

	"github.com/sphereface-go/sphereface/internal/face/pico"
)

// luma returns the brightness of an area of the photo, averaged over squares of
// the given side in pixels; the last squares average over what the area has left.
// For a JPEG it is the stored brightness, for others the same weights of red,
// green and blue (ITU-R BT.601). The only error is that of a context that is done.
func luma(ctx context.Context, img image.Image, area image.Rectangle, side int) (pico.Gray, error) {
	g := pico.Gray{W: (area.Dx() + side - 1) / side, H: (area.Dy() + side - 1) / side}
	g.Pix = make([]uint8, g.W*g.H)
	rows := lumaRows(img, area)
	sums := make([]int, g.W)
	row := make([]uint8, area.Dx())
	for y := range g.H {
		if err := ctx.Err(); err != nil {
			return pico.Gray{}, err
		}
		if side == 1 {
			copy(g.Pix[y*g.W:][:g.W], rows(area.Min.Y+y, row))
			continue
		}
		clear(sums)
		top, bottom := area.Min.Y+y*side, min(area.Min.Y+(y+1)*side, area.Max.Y)
		for py := top; py < bottom; py++ {
			for x, v := range rows(py, row) {
				sums[x/side] += int(v)
			}
		}
		for x, sum := range sums {
			n := (min((x+1)*side, area.Dx()) - x*side) * (bottom - top)
			g.Pix[y*g.W+x] = uint8((sum + n/2) / n)
		}
	}
	return g, nil
}

// lumaRows returns a function that gives a row of the area's brightness. It may
// use the scratch that it is given.
func lumaRows(img image.Image, area image.Rectangle) func(y int, scratch []uint8) []uint8 {
	stored := func(pix []uint8, offset func(x, y int) int) func(int, []uint8) []uint8 {
		return func(y int, _ []uint8) []uint8 { return pix[offset(area.Min.X, y):][:area.Dx()] }
	}
	switch m := img.(type) {
	case *image.YCbCr:
		return stored(m.Y, m.YOffset)
	case *image.NYCbCrA:
		return stored(m.Y, m.YOffset)
	case *image.Gray:
		return stored(m.Pix, m.PixOffset)
	}
	at := pixelReader(img)
	return func(y int, scratch []uint8) []uint8 {
		for x := range scratch {
			r, g, b := at(area.Min.X+x, y)
			scratch[x] = uint8((299*int(r) + 587*int(g) + 114*int(b) + 500) / 1000)
		}
		return scratch
	}
}
