package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pairs writes the function that makes n pairs of bf16, a multiple of a vector,
// of 2n float32 in the same order.
func (s set) pairs() {
	TEXT("pairs"+s.suffix, NOSPLIT, "func(dst, x *float32, n int)")
	dst, x := Load(Param("dst"), GP64()), Load(Param("x"), GP64())
	n := Load(Param("n"), GP64())
	s.forVectors(n, func(place func(reg.Register) Mem) {
		for half := range 2 {
			v, rounded := s.vector(), YMM()
			VMOVUPS(Mem{Base: x, Disp: half * s.bytes}, v)
			convertBF16(v, rounded)
			VMOVUPS(rounded, place(dst).Offset(half*s.bytes/2))
		}
		ADDQ(Imm(uint64(2*s.bytes)), x)
	})
	VZEROUPPER()
	RET()
}

// zip writes the function that makes n pairs of bf16, a multiple of a vector, of
// the float32 at the same place in low and in high.
func (s set) zip() {
	TEXT("zip"+s.suffix, NOSPLIT, "func(dst, low, high *float32, n int)")
	dst, low, high := Load(Param("dst"), GP64()), Load(Param("low"), GP64()), Load(Param("high"), GP64())
	n := Load(Param("n"), GP64())
	order := s.vector()
	VMOVUPS(s.zipOrder(), order)
	s.forVectors(n, func(place func(reg.Register) Mem) {
		a, b := s.vector(), s.vector()
		VMOVUPS(place(low), a)
		VMOVUPS(place(high), b)
		convertBF16(a, a.AsY())
		convertBF16(b, b.AsY())
		VINSERTI64X4(Imm(1), b.AsY(), a, a)
		VPERMW(a, order, a)
		VMOVUPS(a, place(dst))
	})
	VZEROUPPER()
	RET()
}

// zipOrder is a vector of places: of the first, of the first in the second half,
// of the second, and so on.
func (s set) zipOrder() Mem {
	order := GLOBL("zipOrder"+s.suffix, RODATA|NOPTR)
	for i := range s.bytes / 4 {
		DATA(4*i, U32(uint32(i|(s.bytes/4+i)<<16)))
	}
	return order
}
