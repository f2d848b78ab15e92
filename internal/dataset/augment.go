package dataset

import (
	"math/rand/v2"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Augmentation is a random change of a crop.
type Augmentation struct {
	Mirror bool
	DX, DY int // shift in pixels to the right and down
}

// DrawAugmentation returns the change of image index in an epoch: mirrored with
// probability one half if mirror is set, and shifted by up to shift pixels in
// each direction, all equally likely. It is a function of its arguments alone.
func DrawAugmentation(seed uint64, epoch, index int, mirror bool, shift int) Augmentation {
	rng := rand.New(rand.NewPCG(mix(seed, streamAugment, uint64(epoch)), mix(uint64(index))))
	// All three are drawn in any case, so that mirroring stays the same when the
	// shift is switched on or off.
	a := Augmentation{Mirror: rng.Uint64()&1 == 1}
	a.DX = rng.IntN(2*shift+1) - shift
	a.DY = rng.IntN(2*shift+1) - shift
	a.Mirror = a.Mirror && mirror
	return a
}

// mix hashes the values into one: the finaliser of SplitMix64 (Steele, Lea,
// Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014) over a
// running sum. Neighbouring epochs and images get unrelated random numbers.
func mix(values ...uint64) uint64 {
	var z uint64
	for _, v := range values {
		z += v + 0x9e3779b97f4a7c15
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		z ^= z >> 31
	}
	return z
}

// Shift returns the crop moved by dx pixels to the right and dy down. The edge
// that comes free repeats the crop's outermost pixels.
func Shift(crop face.Crop, dx, dy int) face.Crop {
	if dx == 0 && dy == 0 {
		return crop
	}
	out := face.NewCrop()
	const stride = 3 * face.CropWidth
	dx = max(-face.CropWidth, min(dx, face.CropWidth))
	for y := range face.CropHeight {
		from := crop.Pix[stride*max(0, min(y-dy, face.CropHeight-1)):][:stride]
		to := out.Pix[stride*y:][:stride]
		if dx >= 0 {
			copy(to[3*dx:], from)
			for x := range dx {
				copy(to[3*x:3*x+3], from[:3])
			}
		} else {
			copy(to, from[-3*dx:])
			for x := face.CropWidth + dx; x < face.CropWidth; x++ {
				copy(to[3*x:3*x+3], from[stride-3:])
			}
		}
	}
	return out
}
