package synthetic

import "math"

// film takes light from 0 to brightest, in steps of 1/filmSteps, to the value in
// the file, 0…1.
var film = func() (t [brightest*filmSteps + 1]float32) {
	for i := range t {
		v := shoulder(float64(i) / filmSteps)
		if v <= 0.0031308 { // the inverse of linear
			t[i] = float32(12.92 * v)
		} else {
			t[i] = float32(1.055*math.Pow(v, 1/2.4) - 0.055)
		}
	}
	return t
}()

const (
	brightest = 6
	filmSteps = 2048
)

// shoulder bends bright light over towards white, so that a strong lamp leaves
// something to see.
func shoulder(l float64) float64 {
	const knee, room = 0.5, 0.55
	if l <= knee {
		return l
	}
	return knee + room*(l-knee)/(l-knee+room)
}

// develop looks light up on the film, with linear interpolation.
func develop(v float32) float32 {
	f := v * filmSteps
	if !(f > 0) {
		return 0
	}
	if f >= brightest*filmSteps {
		return film[len(film)-1]
	}
	i := int(f)
	return film[i] + (film[i+1]-film[i])*(f-float32(i))
}
