package face

import (
	"context"
	"image"
)

// upright returns the image as its EXIF orientation (CIPA DC-008, tag 0x0112)
// wants it shown: values 2, 4, 5 and 7 are mirrored, 5 to 8 swap the sides.
// Orientation 1 returns img itself; the others return a copy of 8-bit colour. The
// only error is that of a context that is done.
func upright(ctx context.Context, img image.Image, orientation int) (image.Image, error) {
	if orientation < 2 || orientation > 8 {
		return img, nil
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
		if err := ctx.Err(); err != nil {
			return nil, err
		}
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
	return out, nil
}
