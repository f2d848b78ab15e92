package augment

import (
	"fmt"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Options say how much crops vary; the zero value leaves them as they are. What
// is drawn is drawn uniformly, but for factors, whose logarithm is.
type Options struct {
	Mirror bool    // half of the crops
	Shift  int     // pixels at most, to each side
	Rotate float64 // degrees at most, each way, about the crop's centre
	Scale  float64 // enlarged by a factor of up to 1 + Scale, or reduced by one

	Brightness float64 // added to all values at most, of a range of 1
	Contrast   float64 // distance from mid grey: times up to 1 + Contrast, or divided by it
	Saturation float64 // distance from the pixel's grey: times up to 1 + Saturation, or divided by it
	Grey       float64 // probability of no colour at all

	Erase float64 // probability of a rectangle of one colour; see Change.Erased
}

// The most that Options may ask for: at least half of a crop stays in view.
const (
	MaxShift  = face.CropWidth / 2
	MaxRotate = 45
	MaxFactor = 1 // of Scale, Contrast and Saturation: twice, or half
)

// Validate returns an error that names the first option out of its range.
func (o Options) Validate() error {
	for _, v := range []struct {
		name       string
		value, max float64
		unit       string
	}{
		{"shift", float64(o.Shift), MaxShift, " pixels"},
		{"rotate", o.Rotate, MaxRotate, " degrees"},
		{"scale", o.Scale, MaxFactor, ""},
		{"brightness", o.Brightness, 1, ""},
		{"contrast", o.Contrast, MaxFactor, ""},
		{"saturation", o.Saturation, MaxFactor, ""},
		{"grey", o.Grey, 1, ""},
		{"erase", o.Erase, 1, ""},
	} {
		if !(v.value >= 0 && v.value <= v.max) {
			return fmt.Errorf("augment: %s of %v%s; give 0 to %v", v.name, v.value, v.unit, v.max)
		}
	}
	return nil
}
