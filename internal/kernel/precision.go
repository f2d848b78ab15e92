package kernel

import "slices"

// Precision is what the products of a plan are made of. They are summed in
// float32, and everything else is float32.
type Precision int

const (
	// Float32 takes the operands as they are.
	Float32 Precision = iota
	// BF16 rounds them to bfloat16, 8 bits of a float32's 24, to nearest even.
	// Denormal operands, products and sums count as zero; what is infinite or
	// no number stays so.
	BF16
)

func (p Precision) String() string {
	if p == BF16 {
		return "bf16"
	}
	return "float32"
}

// HasBF16 tells whether products of bf16 can be made here: with AVX512_BF16, at
// the level avx512.
func HasBF16() bool { return bf16Level(best) != nil }

// WithoutBF16 says in words why they cannot; it is empty if they can.
func WithoutBF16() string {
	switch {
	case HasBF16():
		return ""
	case slices.ContainsFunc(levels(), func(l *level) bool { return bf16Level(l) != nil }):
		return Variable + "=" + best.name + " rules it out"
	}
	return "this processor has no AVX512_BF16"
}

// level returns the one that computes so. It panics where there is none.
func (p Precision) level() *level {
	if p == Float32 {
		return best
	}
	l := bf16Level(best)
	if l == nil {
		panic("kernel: precision: no products of bf16 here")
	}
	return l
}

// units returns how many units of the tile n numbers take.
func (l *level) units(n int) int { return (n + l.unit - 1) / l.unit }
