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
// and in sides of the window. The distance of the eyes would be the finer measure,
// but where one of them is missed the mouth then is, too: of LFW's training images
// twice as many would be more than 10 pixels off.
const (
	lowX, lowY  = 0.06, 0.1
	lowSurround = 1.2
)

// below is by how many pixels of the patch the cascades' points lie below those
// that the template means: the median difference from two detectors on LFW's
// training images. It is the mouth that counts: the cascades see its corners where
// the lips meet, the template a little lower.
var below = [5]float64{0.45, 0.45, 0.9, -2.2, -2.2}

// locate returns the five points in a patch, in its pixels. The right half is
// looked for in the mirrored patch by the same cascades: a mirrored face has
// mirrored points.
func locate(patch pico.Gray) [5][2]float64 {
	mirrored := patch.Mirrored()
	eye := pico.Guess{Row: middle + eyeY*patchFace, Col: middle - eyeX*patchFace, Size: eyeSurround * patchFace}
	left, right := find(pico.Pupil(), patch, eye), find(pico.Pupil(), mirrored, eye)
	right[0] = patchSide - right[0]
	low := pico.Guess{Row: (left[1]+right[1])/2 + lowY*patchFace, Size: lowSurround * patchFace}
	centre := (left[0] + right[0]) / 2
	// The nose is the mean of both halves' noses.
	var nose, mouth [2][2]float64
	for half, g := range [2]pico.Gray{patch, mirrored} {
		if half == 1 {
			centre = patchSide - centre
		}
		low.Col = centre + lowX*patchFace
		nose[half], mouth[half] = find(pico.NoseTip(), g, low), find(pico.MouthCorner(), g, low)
	}
	points := [5][2]float64{
		left,
		right,
		{(nose[0][0] + patchSide - nose[1][0]) / 2, (nose[0][1] + nose[1][1]) / 2},
		mouth[0],
		{patchSide - mouth[1][0], mouth[1][1]},
	}
	for i := range points {
		// The cascades count from the edge of the first pixel.
		points[i][0] -= 0.5
		points[i][1] -= 0.5 + below[i]
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
