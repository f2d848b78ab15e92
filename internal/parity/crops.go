package parity

import (
	"math/rand/v2"

	"github.com/sphereface-go/sphereface/internal/face"
)

// RandomCrops returns n crops of size values each that are noise: every value
// is that of an 8-bit pixel after normalisation. The same seed gives the same
// crops.
func RandomCrops(n, size int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 0))
	x := make([]float32, n*size)
	for i := range x {
		x[i] = (float32(r.UintN(256)) - face.PixelMean) * (1.0 / face.PixelScale)
	}
	return x
}
