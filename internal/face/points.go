package face

import (
	"math"

	"github.com/sphereface-go/sphereface/internal/face/pico"
)

// starts is the number of places from which each point is looked for: with half
// of them crops of slightly changed photos differ more.
const starts = 63

// Where the cascades look for a pupil, from the window's centre and in its sides:
// the guesses of the pigo project, made alike for both eyes.
const (
	eyeX, eyeY  = 0.18, -0.075
	eyeSurround = 0.25
)

const middle = patchSide / 2.0

// Where they look for the nose and the mouth, from the middle between the eyes
// and in distances of the eyes.
const (
	lowX, lowY  = 0.15, 0.25
	lowSurround = 3
)

// below is by how much the cascades' points lie below those that the template
// means, in distances of the eyes: the median difference from two detectors on
// LFW's training images. It is the mouth that counts: the cascades see its corners
// where the lips meet, the template a little lower.
var below = [5]float64{0.014, 0.014, 0.026, -0.066, -0.066}

// locate returns the five points in a patch, in its pixels. The right half is
// looked for in the mirrored patch by the same cascades: a mirrored face has
// mirrored points.
func locate(patch pico.Gray) [5][2]float64 {
	mirrored := patch.Mirrored()
	eye := pico.Guess{Row: middle + eyeY*patchFace, Col: middle - eyeX*patchFace, Size: eyeSurround * patchFace}
	left, right := find(pico.Pupil(), patch, eye), find(pico.Pupil(), mirrored, eye)
	right[0] = patchSide - right[0]
	d := distance(left, right)
	low := pico.Guess{Row: (left[1]+right[1])/2 + float64(lowY*d), Size: lowSurround * d}
	centre := (left[0] + right[0]) / 2
	// The nose is the mean of both halves' noses.
	var nose, mouth [2][2]float64
	for half, g := range [2]pico.Gray{patch, mirrored} {
		if half == 1 {
			centre = patchSide - centre
		}
		low.Col = centre + float64(lowX*d)
		nose[half], mouth[half] = find(pico.NoseTip(), g, low), find(pico.MouthCorner(), g, low)
	}
	points := [5][2]float64{
		left, right,
		{(nose[0][0] + patchSide - nose[1][0]) / 2, (nose[0][1] + nose[1][1]) / 2},
		mouth[0], {patchSide - mouth[1][0], mouth[1][1]},
	}
	for i := range points {
		// The cascades count from the edge of the first pixel.
		points[i][0] -= 0.5
		points[i][1] -= 0.5 + float64(d*below[i])
	}
	return points
}

// find returns the point as x, y.
func find(l *pico.Localizer, g pico.Gray, guess pico.Guess) [2]float64 {
	row, col := l.Locate(g, guess, starts)
	return [2]float64{col, row}
}

// distance is the length of the line between two points. Other than math.Hypot it
// is the same on every processor.
func distance(p, q [2]float64) float64 {
	dx, dy := p[0]-q[0], p[1]-q[1]
	return math.Sqrt(float64(dx*dx) + float64(dy*dy))
}
