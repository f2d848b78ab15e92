// Package reference makes the tensors that testdata/reference and the golden files
// name by a size and a seed instead of holding their values. Tests use it, and so
// can a program in another language: the convention is one line of arithmetic.
package reference

// Tensor returns n values in row-major order: value i is float32(a·(2h/2³² − 1)),
// h being murmur3's 32-bit finaliser of i + 1000003·seed (Appleby, MurmurHash3,
// 2011). They are the same bits on every machine.
func Tensor(n int, a float64, seed uint32) []float32 {
	values := make([]float32, n)
	for i := range values {
		h := uint32(i) + seed*1000003
		h = (h ^ h>>16) * 0x85ebca6b
		h = (h ^ h>>13) * 0xc2b2ae35
		h ^= h >> 16
		values[i] = float32(a * (2*float64(h)/(1<<32) - 1))
	}
	return values
}
