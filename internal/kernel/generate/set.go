package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// set is an instruction set and the shape that its kernels have on it.
type set struct {
	suffix string                // of the functions' names
	bytes  int                   // of a vector
	rows   int                   // of a register block; it has two vectors of columns
	vector func() reg.VecVirtual // a new register
	wide   bool                  // AVX-512: masks, and hardly a register to spare for a tile
	bf16   bool                  // AVX512_BF16: a multiply-add is of pairs of bf16
}

var sets = map[string]set{
	// 12 sums, 2 columns and 2 broadcast values are all sixteen registers.
	"avx2": {suffix: "AVX2", bytes: 32, rows: 6, vector: YMM},
	// 24 sums, 2 columns and 6 broadcast values are all thirty-two.
	"avx512": {suffix: "AVX512", bytes: 64, rows: 12, vector: ZMM, wide: true},
	// Its tile is that of AVX-512, with a pair in the place of a number.
	"bf16": {suffix: "BF16", bytes: 64, rows: 12, vector: ZMM, wide: true, bf16: true},
}

// zero returns a vector of zeros.
func (s set) zero() reg.VecVirtual {
	v := s.vector()
	if s.wide {
		VPXORQ(v, v, v)
	} else {
		VXORPS(v, v, v)
	}
	return v
}

// Predicates of VCMPPS: greater than, and its opposite. Both are quiet, and
// the opposite is true for what is no number.
const (
	greater    = 0x1e // GT_OQ
	notGreater = 0x1a // NGT_UQ
)
