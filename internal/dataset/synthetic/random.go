package synthetic

import (
	"math/rand/v2"

	"github.com/sphereface-go/sphereface/internal/splitmix"
)

// random draws the numbers that a person or an image is made of. All draws are
// exact in float32, so a decision that rests on one is the same on every machine.
type random struct{ source *rand.PCG }

// newRandom returns the stream that belongs to the keys.
func newRandom(keys ...uint64) random {
	var a, b uint64
	for _, k := range keys {
		a = mix(a ^ mix(k))
		b = mix(b + a)
	}
	return random{rand.NewPCG(a, b)}
}

func mix(x uint64) uint64 { return splitmix.Mix(x + splitmix.Gamma) }

// unit is uniform in [0, 1).
func (r random) unit() float32 { return float32(r.source.Uint64()>>40) / (1 << 24) }

// in is uniform between lo and hi.
func (r random) in(lo, hi float32) float32 { return lo + (hi-lo)*r.unit() }

// normal is close to a normal variable of standard deviation sd, and never
// further than 3.5 of them from 0: the sum of four uniform ones.
func (r random) normal(sd float32) float32 {
	const root3 = 1.7320508
	return (r.unit() + r.unit() + r.unit() + r.unit() - 2) * root3 * sd
}

// around is normal about the middle of lo and hi, and stays between them: most
// people are ordinary in most ways.
func (r random) around(lo, hi float32) float32 {
	return lo + (hi-lo)*(r.unit()+r.unit())/2
}

func (r random) chance(p float32) bool { return r.unit() < p }

// below is uniform in 0…n-1.
func (r random) below(n int) int { return int(r.source.Uint64() >> 33 % uint64(n)) }

// noise is a fixed value in [0, 1) for a point of a grid.
func noise(key uint32, x, y int32) float32 {
	h := key ^ uint32(x)*0x9e3779b1 ^ uint32(y)*0x85ebca77
	h = (h ^ h>>15) * 0x2c1b3c6d
	h = (h ^ h>>12) * 0x297a2d39
	return float32((h^h>>15)>>8) / (1 << 24)
}
