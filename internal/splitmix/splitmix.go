// Package splitmix hashes numbers into random ones: SplitMix64 of Steele, Lea and Flood
// ("Fast Splittable Pseudorandom Number Generators", OOPSLA 2014, figure 17). What is
// drawn by it is a function of keys such as a seed and a position, the same in whatever
// order and by however many threads it is asked for.
package splitmix

// Gamma is the odd number closest to 2⁶⁴ divided by the golden ratio. The n-th number of
// the generator that starts with z is Mix(z + n·Gamma).
const Gamma = 0x9e3779b97f4a7c15

// Mix maps numbers to numbers, each to another one, so that neighbours have nothing in
// common. It maps 0 to 0.
func Mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
