package face

import (
	"image"
	"math"
)

// Face is a face in a photo that has been turned upright by its EXIF orientation.
// Coordinates are those of Transform: pixels, with the centre of the first one at
// (0, 0), whatever the image's bounds.
type Face struct {
	X, Y, Side float64       // centre and side of the square around the face
	Points     [5][2]float64 // in the order of Template, each as x, y
	Score      float64       // how sure the detector is: above 10, and above 100 for most faces
	Sharpness  float64       // see sharpness
}

// EyeDistance returns the pixels of the photo between the eyes. On the template
// they are 35.2 apart.
func (f Face) EyeDistance() float64 { return distance(f.Points[0], f.Points[1]) }

// Angle returns by how many degrees the line through the eyes is turned clockwise.
func (f Face) Angle() float64 {
	l, r := f.Points[0], f.Points[1]
	return math.Atan2(r[1]-l[1], r[0]-l[0]) * 180 / math.Pi
}

// plausible tells points that can be a face's from others: the square is 1.2 to 5
// times as wide as the eyes are apart, no point lies farther than 0.55 of its side
// from its centre, and their mean less than the eyes' distance.
func (f Face) plausible() bool {
	eyes, centre := f.EyeDistance(), [2]float64{f.X, f.Y}
	if f.Side < 1.2*eyes || f.Side > 5*eyes {
		return false
	}
	var mean [2]float64
	for _, p := range f.Points {
		if distance(p, centre) > 0.55*f.Side {
			return false
		}
		mean[0] += p[0] / 5
		mean[1] += p[1] / 5
	}
	return distance(mean, centre) < eyes
}

// inside tells a face that shows from one that the edge of a photo of the size cuts
// so far that two of its points lie outside.
func (f Face) inside(size image.Point) bool {
	outside := 0
	for _, p := range f.Points {
		if p[0] < 0 || p[1] < 0 || p[0] > float64(size.X-1) || p[1] > float64(size.Y-1) {
			outside++
		}
	}
	return outside < 2
}
