package verification

import "math"

// Wilson returns the interval that covers the true rate in 95% of the cases if k of n
// independent pairs, n above 0, are judged wrong (Wilson, "Probable Inference, the Law of
// Succession, and Statistical Inference", JASA 1927): unlike a standard error it holds
// near 0 and 1. Pairs that share people are not independent, so that for them it is
// narrower than it should be.
func Wilson(n, k int) (low, high float64) {
	const z = 1.959964 // of a normal variable, 95% lie within
	m, p := float64(n), float64(k)/float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, middle-half), min(1, middle+half)
}
