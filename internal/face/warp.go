package face

import (
	"context"
	"image"
	"math"
)

// Weights of the bilinear interpolation are fractions of 2^weightBits, so that
// it is integer arithmetic: exact, fast and the same on every processor.
const weightBits = 11

// Warp returns the image of w×h pixels, RGB row-major H×W×3, whose pixel (x, y)
// is img at the inverse transform of (x, y), sampled with bilinear
// interpolation; t takes pixels of img, counted from its upper left corner, to
// pixels of the result. What lies outside img is black. These are the rules of
// OpenCV's warpAffine with its default flags.
//
// A transform that shrinks to less than half would skip pixels, so that noise
// and fine texture turn into a pattern of their own; img is then first averaged
// over squares of the largest whole side that keeps the scale at one or less.
//
// The only error is that of a context that is done.
func Warp(ctx context.Context, img image.Image, t Transform, w, h int) ([]uint8, error) {
	side, inverse := reduction(t.Inverse())
	area := footprint(inverse, w, h)
	pix, err := gather(ctx, img, side, area)
	if err != nil {
		return nil, err
	}
	return sample(pix, area, inverse, w, h), nil
}

// reduction returns the side of the squares to average over, and the inverse
// transform to the image that this makes.
func reduction(inverse Transform) (side int, reduced Transform) {
	side = max(1, int(math.Floor(inverse.Scale())))
	// The centre of square i is at pixel side·i + (side−1)/2.
	n, half := float64(side), float64(side-1)/2
	return side, Transform{inverse.A / n, inverse.B / n, (inverse.TX - half) / n, (inverse.TY - half) / n}
}

// footprint returns the pixels that the samples of a w×h result may touch.
func footprint(inverse Transform, w, h int) image.Rectangle {
	minX, minY := math.Inf(1), math.Inf(1)
	maxX, maxY := math.Inf(-1), math.Inf(-1)
	for _, p := range [4][2]int{{0, 0}, {w - 1, 0}, {0, h - 1}, {w - 1, h - 1}} {
		x, y := inverse.Apply(float64(p[0]), float64(p[1]))
		minX, maxX = min(minX, x), max(maxX, x)
		minY, maxY = min(minY, y), max(maxY, y)
	}
	// One pixel of margin covers the right and lower neighbour, another the
	// rounding of the coordinates.
	return image.Rect(int(math.Floor(minX))-1, int(math.Floor(minY))-1, int(math.Floor(maxX))+3, int(math.Floor(maxY))+3)
}

// gather returns the pixels of area, RGB, of the image that img becomes when
// averaged over squares of the given side; outside img they are black. Squares
// that img's right or lower edge cuts average over what is there.
func gather(ctx context.Context, img image.Image, side int, area image.Rectangle) ([]uint8, error) {
	b := img.Bounds()
	at := pixelReader(img)
	pix := make([]uint8, 3*area.Dx()*area.Dy())
	reduced := image.Rect(0, 0, (b.Dx()+side-1)/side, (b.Dy()+side-1)/side)
	inside := area.Intersect(reduced)
	for y := inside.Min.Y; y < inside.Max.Y; y++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		row := pix[3*((y-area.Min.Y)*area.Dx()+inside.Min.X-area.Min.X):]
		for x := inside.Min.X; x < inside.Max.X; x++ {
			i := 3 * (x - inside.Min.X)
			if side == 1 {
				row[i], row[i+1], row[i+2] = at(b.Min.X+x, b.Min.Y+y)
				continue
			}
			square := image.Rect(x*side, y*side, (x+1)*side, (y+1)*side).Add(b.Min).Intersect(b)
			row[i], row[i+1], row[i+2] = average(at, square)
		}
	}
	return pix, nil
}

func average(at func(x, y int) (r, g, b uint8), square image.Rectangle) (r, g, b uint8) {
	var sr, sg, sb int
	for y := square.Min.Y; y < square.Max.Y; y++ {
		for x := square.Min.X; x < square.Max.X; x++ {
			r, g, b := at(x, y)
			sr, sg, sb = sr+int(r), sg+int(g), sb+int(b)
		}
	}
	n := square.Dx() * square.Dy()
	return uint8((sr + n/2) / n), uint8((sg + n/2) / n), uint8((sb + n/2) / n)
}

// sample interpolates the w×h result from the pixels of area.
func sample(pix []uint8, area image.Rectangle, inverse Transform, w, h int) []uint8 {
	const one = 1 << weightBits
	out := make([]uint8, 3*w*h)
	stride := 3 * area.Dx()
	for y := range h {
		for x := range w {
			fx, fy := inverse.Apply(float64(x), float64(y))
			qx := int(math.Floor(float64(fx*one) + 0.5))
			qy := int(math.Floor(float64(fy*one) + 0.5))
			ax, ay := qx&(one-1), qy&(one-1)
			p := pix[(qy>>weightBits-area.Min.Y)*stride+3*(qx>>weightBits-area.Min.X):]
			q := p[stride:]
			w00, w01 := (one-ax)*(one-ay), ax*(one-ay)
			w10, w11 := (one-ax)*ay, ax*ay
			for c := range 3 {
				v := w00*int(p[c]) + w01*int(p[3+c]) + w10*int(q[c]) + w11*int(q[3+c])
				out[3*(y*w+x)+c] = uint8((v + one*one/2) >> (2 * weightBits))
			}
		}
	}
	return out
}
