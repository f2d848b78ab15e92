package face

import (
	"math"

	"github.com/sphereface-go/sphereface/internal/face/pico"
)

// PoorQuality is the quality below which a face should not be relied on: its eyes
// are less than 18 pixels apart, or it is as blurred as by a Gaussian with a
// deviation of a 30th to a 20th of the eyes' distance, or it may be none. One LFW
// image in 90 is below.
const PoorQuality = 0.5

// leastQuality is the quality that a face must have where there are others: what
// has less is mostly no face, and always too small or too blurred to compare.
const leastQuality = 0.3

// usualScore is the score from which more of it is not taken for better: half of it is
// what is hardly ever had by what is no face. Of LFW's images 97 in 100 have it.
const usualScore = 80

// usualSharpness is the sharpness from which more of it is not taken for better: a
// quarter of LFW's images have less.
const usualSharpness = 0.035

// Quality says from 0 to 1 how far a face can be relied on: the least of the number
// of pixels (those between the eyes, as a part of the template's), of the sharpness
// and of the detector's score (as parts of the usual ones). A photo that was enlarged
// has more pixels than detail, and is told by its sharpness alone.
func (f Face) Quality() float64 {
	template := Template()
	return min(1, f.EyeDistance()/distance(template[0], template[1]), f.Sharpness/usualSharpness, f.Score/usualScore)
}

// sharpness measures how much fine detail the face in a patch has: the mean
// difference of a pixel from its four neighbours' mean, as a part of the standard
// deviation of the brightness. It does not depend on light and contrast. A photo
// with few pixels of the face has little, as has a blurred one.
func sharpness(patch pico.Gray) float64 {
	const first, last = (patchSide - patchFace) / 2, (patchSide + patchFace) / 2
	var sum, squares, detail int
	for y := first; y < last; y++ {
		for x := first; x < last; x++ {
			i := y*patch.W + x
			v := int(patch.Pix[i])
			sum += v
			squares += v * v
			d := 4*v - int(patch.Pix[i-1]) - int(patch.Pix[i+1]) - int(patch.Pix[i-patch.W]) - int(patch.Pix[i+patch.W])
			detail += max(d, -d)
		}
	}
	const n = patchFace * patchFace
	variance := float64(n*squares-sum*sum) / (n * n)
	if variance == 0 {
		return 0
	}
	return float64(detail) / (4 * n) / math.Sqrt(variance)
}
