package augment

import (
	"math"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Positions are fixed-point numbers with this many bits after the point, and the
// weights of the bilinear interpolation with weightBits.
const (
	positionBits = 16
	weightBits   = 8
)

// turned reports whether the change turns or scales: whole pixels do not do then.
func (c Change) turned() bool { return c.Angle != 0 || c.Scale != 1 }

// steps are how the position in the crop moves from pixel to pixel of the result.
type steps struct {
	x, y   int // of the result's first pixel
	dx, dy int // to the right: x += dx, y += dy; down: x −= dy, y += dx, without mirroring
	mirror int // −1 if mirrored, else 1
}

func (c Change) steps() steps {
	const one = 1 << positionBits
	sin, cos := math.Sincos(c.Angle * math.Pi / 180)
	dx, dy := cos/c.Scale, -sin/c.Scale
	s := steps{dx: round(one * dx), dy: round(one * dy), mirror: 1}
	// The result's pixel (x, y) shows the crop at centre + R·(x − DX − centre, y − DY − centre).
	const cx, cy = float64(face.CropWidth-1) / 2, float64(face.CropHeight-1) / 2
	left, top := 0.0, 0.0
	if c.Mirror {
		left, s.mirror = face.CropWidth-1, -1
	}
	u, v := left-float64(c.DX)-cx, top-float64(c.DY)-cy
	s.x = round(one * (cx + float64(dx*u) - float64(dy*v)))
	s.y = round(one * (cy + float64(dy*u) + float64(dx*v)))
	return s
}

func round(v float64) int { return int(math.Floor(v + 0.5)) }

// resample writes the input for the crop turned, scaled, shifted and mirrored, with
// bilinear interpolation. Where the result shows more than the crop, it repeats the
// crop's outermost pixels.
func resample(dst []float32, crop face.Crop, s steps) {
	const lastX, lastY = (face.CropWidth - 1) << positionBits, (face.CropHeight - 1) << positionBits
	const one = 1 << weightBits
	for row := range face.CropHeight {
		r := dst[row*face.CropWidth:][:face.CropWidth]
		g := dst[plane+row*face.CropWidth:][:face.CropWidth]
		b := dst[2*plane+row*face.CropWidth:][:face.CropWidth]
		x, y := s.x-row*s.dy, s.y+row*s.dx
		for i := range r {
			px, py := min(max(x, 0), lastX), min(max(y, 0), lastY)
			x += s.mirror * s.dx
			y += s.mirror * s.dy
			at := 3 * ((py>>positionBits)*face.CropWidth + px>>positionBits)
			ax, ay := px>>(positionBits-weightBits)&(one-1), py>>(positionBits-weightBits)&(one-1)
			// The last column and row have no next one, and weights of zero for it.
			right, down := 3, 3*face.CropWidth
			if px == lastX {
				right = 0
			}
			if py == lastY {
				down = 0
			}
			w00, w01, w10, w11 := (one-ax)*(one-ay), ax*(one-ay), (one-ax)*ay, ax*ay
			p, q := crop.Pix[at:], crop.Pix[at+down:]
			p, pr := p[:3], p[right:][:3]
			q, qr := q[:3], q[right:][:3]
			r[i] = input(w00*int(p[0]) + w01*int(pr[0]) + w10*int(q[0]) + w11*int(qr[0]))
			g[i] = input(w00*int(p[1]) + w01*int(pr[1]) + w10*int(q[1]) + w11*int(qr[1]))
			b[i] = input(w00*int(p[2]) + w01*int(pr[2]) + w10*int(q[2]) + w11*int(qr[2]))
		}
	}
}

// input is the network's input for a value in units of 2^(−2·weightBits).
func input(v int) float32 {
	const unit = 1 << (2 * weightBits)
	// The mean is taken off as a whole number: 24 bits of v are exact.
	return float32(v-face.PixelMean*unit) * (1.0 / (face.PixelScale * unit))
}
