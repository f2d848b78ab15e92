package face

import (
	"errors"
	"fmt"
	"math"
)

// Transform is a similarity of the plane, a scale, a rotation and a translation
// without reflection:
//
//	x' = A·x − B·y + TX
//	y' = B·x + A·y + TY
//
// Coordinates are in pixels, and the centre of the first pixel is (0, 0).
type Transform struct{ A, B, TX, TY float64 }

// The conversions float64(x*y) below keep the compiler from fusing a product
// and a sum into one operation, which it does on some processors and not on
// others: a crop has the same bytes everywhere.

// Apply returns the image of the point (x, y).
func (t Transform) Apply(x, y float64) (float64, float64) {
	return float64(t.A*x) - float64(t.B*y) + t.TX, float64(t.B*x) + float64(t.A*y) + t.TY
}

// Scale returns the factor by which the transform multiplies lengths.
func (t Transform) Scale() float64 {
	return math.Sqrt(float64(t.A*t.A) + float64(t.B*t.B))
}

// Inverse returns the transform that takes every image back to its point. The
// transform's scale is not zero.
func (t Transform) Inverse() Transform {
	n := float64(t.A*t.A) + float64(t.B*t.B)
	a, b := t.A/n, -t.B/n
	return Transform{
		A: a, B: b,
		TX: float64(b*t.TY) - float64(a*t.TX),
		TY: -float64(b*t.TX) - float64(a*t.TY),
	}
}

// Quad returns where in its source an image of w×h pixels comes from that the
// transform leads to: the corners of its area, clockwise from its upper left one.
// They are measured from the upper left corner of the source's area, half a pixel
// from its first pixel's centre: the identity gives (0, 0), (w, 0), (w, h), (0, h).
func (t Transform) Quad(w, h int) [4][2]float64 {
	inverse := t.Inverse()
	quad := [4][2]float64{{0, 0}, {float64(w), 0}, {float64(w), float64(h)}, {0, float64(h)}}
	for i, p := range quad {
		x, y := inverse.Apply(p[0]-0.5, p[1]-0.5)
		quad[i] = [2]float64{x + 0.5, y + 0.5}
	}
	return quad
}

// Similarity fits the transform that takes the points src onto dst with the
// least sum of squared distances (Umeyama, "Least-Squares Estimation of
// Transformation Parameters Between Two Point Patterns", PAMI 1991, equations
// 40 to 42). In the plane its singular value decomposition has a closed form:
// with the centred points as complex numbers p and q, the rotation and scale are
// Σ conj(p)·q / Σ |p|².
func Similarity(src, dst [][2]float64) (Transform, error) {
	if len(src) != len(dst) {
		return Transform{}, fmt.Errorf("face: similarity: %d points cannot be matched with %d", len(src), len(dst))
	}
	if len(src) < 2 {
		return Transform{}, fmt.Errorf("face: similarity: %d points given, at least 2 are needed", len(src))
	}
	mean := func(points [][2]float64) (x, y float64) {
		for _, p := range points {
			x += p[0]
			y += p[1]
		}
		return x / float64(len(points)), y / float64(len(points))
	}
	sx, sy := mean(src)
	dx, dy := mean(dst)
	var re, im, norm float64
	for i := range src {
		px, py := src[i][0]-sx, src[i][1]-sy
		qx, qy := dst[i][0]-dx, dst[i][1]-dy
		re += float64(px*qx) + float64(py*qy)
		im += float64(px*qy) - float64(py*qx)
		norm += float64(px*px) + float64(py*py)
	}
	t := Transform{A: re / norm, B: im / norm}
	if s := t.Scale(); !(s > 0) || math.IsInf(s, 0) {
		return Transform{}, errors.New("face: similarity: the points coincide or are not finite, so that no scale can be found")
	}
	t.TX = dx - (float64(t.A*sx) - float64(t.B*sy))
	t.TY = dy - (float64(t.B*sx) + float64(t.A*sy))
	if math.IsNaN(t.TX+t.TY) || math.IsInf(t.TX+t.TY, 0) {
		return Transform{}, errors.New("face: similarity: the points are not finite")
	}
	return t, nil
}
