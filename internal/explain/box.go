package explain

import (
	"image"
	"math"

	"github.com/sphereface-go/sphereface/internal/face"
)

// box is an upright rectangle on the canvas, around a face for example.
type box struct{ min, max point }

func boxOf(r image.Rectangle) box {
	return box{point{float64(r.Min.X), float64(r.Min.Y)}, point{float64(r.Max.X), float64(r.Max.Y)}}
}

// corners returns the four, clockwise from the upper left one.
func (b box) corners() []point {
	return []point{b.min, {b.max.x, b.min.y}, b.max, {b.min.x, b.max.y}}
}

// outline returns the square of a face.
func (v view) outline(f face.Face) box {
	return box{
		v.at(f.X+0.5-f.Side/2, f.Y+0.5-f.Side/2),
		v.at(f.X+0.5+f.Side/2, f.Y+0.5+f.Side/2),
	}
}

// frame returns the line around the box, of an odd width: on the middles of pixels
// it is crisp. What is far outside the clip is moved nearer.
func (b box) frame(clip image.Rectangle, width float64) shape {
	near := boxOf(clip.Inset(-10))
	crisp := func(v, least, most float64) float64 { return math.Floor(max(least, min(most, v))) + 0.5 }
	return frame(
		crisp(b.min.x, near.min.x, near.max.x), crisp(b.min.y, near.min.y, near.max.y),
		crisp(b.max.x, near.min.x, near.max.x), crisp(b.max.y, near.min.y, near.max.y), width,
	)
}

// rectangle returns the whole pixels that the box touches within the clip.
func (b box) rectangle(clip image.Rectangle) image.Rectangle {
	near := boxOf(clip)
	within := func(v, least, most float64) int {
		if math.IsNaN(v) {
			return int(least)
		}
		return int(math.Round(max(least, min(most, v))))
	}
	return image.Rect(
		within(b.min.x, near.min.x, near.max.x), within(b.min.y, near.min.y, near.max.y),
		within(b.max.x, near.min.x, near.max.x), within(b.max.y, near.min.y, near.max.y),
	)
}
