package face

import (
	"context"
	"image"
	"math"

	"github.com/sphereface-go/sphereface/internal/face/pico"
)

// Points are located in a patch: the surroundings of a face, turned upright and
// scaled so that the finder's window has the same size in every patch. With that,
// what the cascades see of a face does not depend on its size and its turn, and
// an eighth of the photo's pixels takes no longer than all of them.
const (
	patchFace = 100 // side of the window in pixels; the eyes are a third of it apart
	patchSide = 200 // of the patch; the nose's surroundings reach beyond the window
)

// pose is a face as a square: its centre and side in pixels of the photo, and the
// direction of its upper edge from left to right, of length 1.
type pose struct{ x, y, side, dx, dy float64 }

// transform takes pixels of the photo to pixels of the patch.
func (p pose) transform() Transform {
	scale := patchFace / p.side
	t := Transform{A: scale * p.dx, B: -scale * p.dy}
	x, y := t.Apply(p.x, p.y)
	t.TX, t.TY = (patchSide-1)/2.0-x, (patchSide-1)/2.0-y
	return t
}

// cutPatch returns the patch that a transform leads to. Outside the photo it
// repeats the photo's outermost pixels.
func cutPatch(ctx context.Context, img image.Image, t Transform) (pico.Gray, error) {
	b := img.Bounds()
	side, inverse := reduction(t.Inverse())
	// Squares are counted from the photo's corner, so that they are the same
	// whatever the patch shows of it.
	area := footprint(inverse, patchSide, patchSide)
	area = image.Rectangle{area.Min.Mul(side), area.Max.Mul(side)}.Add(b.Min).Intersect(b)
	if area.Empty() { // the whole patch lies outside
		area = image.Rectangle{b.Min, b.Min.Add(image.Pt(1, 1))}
	}
	g, err := luma(ctx, img, area, side)
	if err != nil {
		return pico.Gray{}, err
	}
	left, top := (area.Min.X-b.Min.X)/side, (area.Min.Y-b.Min.Y)/side
	inverse.TX -= float64(left)
	inverse.TY -= float64(top)
	return sampleGray(g, inverse, patchSide, patchSide), nil
}

// sampleGray is sample for an image of one channel that goes on beyond its edges.
func sampleGray(g pico.Gray, inverse Transform, w, h int) pico.Gray {
	const one = 1 << weightBits
	out := pico.Gray{Pix: make([]uint8, w*h), W: w, H: h}
	for y := range h {
		for x := range w {
			fx, fy := inverse.Apply(float64(x), float64(y))
			qx := int(math.Floor(float64(fx*one) + 0.5))
			qy := int(math.Floor(float64(fy*one) + 0.5))
			ax, ay := qx&(one-1), qy&(one-1)
			x0, x1 := min(max(qx>>weightBits, 0), g.W-1), min(max(qx>>weightBits+1, 0), g.W-1)
			p := g.Pix[min(max(qy>>weightBits, 0), g.H-1)*g.W:]
			q := g.Pix[min(max(qy>>weightBits+1, 0), g.H-1)*g.W:]
			v := (one-ay)*((one-ax)*int(p[x0])+ax*int(p[x1])) + ay*((one-ax)*int(q[x0])+ax*int(q[x1]))
			out.Pix[y*w+x] = uint8((v + one*one/2) >> (2 * weightBits))
		}
	}
	return out
}
