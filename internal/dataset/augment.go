package dataset

import (
	"math/rand/v2"
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
	return newDrawer().draw(seed, epoch, index, mirror, shift)
}

// drawer draws one augmentation after the other without allocating.
type drawer struct {
	pcg rand.PCG
	rng *rand.Rand // of pcg
}

func newDrawer() *drawer {
	d := &drawer{}
	d.rng = rand.New(&d.pcg)
	return d
}

func (d *drawer) draw(seed uint64, epoch, index int, mirror bool, shift int) Augmentation {
	d.pcg.Seed(mix(seed, streamAugment, uint64(epoch)), mix(uint64(index)))
	// All three are drawn in any case, so that mirroring stays the same when the
	// shift is switched on or off.
	a := Augmentation{Mirror: d.rng.Uint64()&1 == 1}
	a.DX = d.rng.IntN(2*shift+1) - shift
	a.DY = d.rng.IntN(2*shift+1) - shift
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
