package dataset

import "github.com/sphereface-go/sphereface/internal/splitmix"

// mix hashes the values into one, so that neighbouring epochs and images get unrelated
// random numbers.
func mix(values ...uint64) uint64 {
	var z uint64
	for _, v := range values {
		z = splitmix.Mix(z + v + splitmix.Gamma)
	}
	return z
}
