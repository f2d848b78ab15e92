package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// peakSums is how many sums peak adds to in turn: enough for the latency of the
// multiply-add, which is four or five cycles, two a cycle.
const peakSums = 12

// peak writes n rounds of peakSums multiply-adds that wait for nothing: what
// benchmarks compare the kernels with.
func (s set) peak() {
	TEXT("peak"+s.suffix, NOSPLIT, "func(n int)")
	n := Load(Param("n"), GP64())
	x := s.zero()
	var sums [peakSums]reg.VecVirtual
	for i := range sums {
		sums[i] = s.zero()
	}
	Label("round")
	for i := range sums {
		VFMADD231PS(x, x, sums[i])
	}
	DECQ(n)
	JNZ(LabelRef("round"))
	VZEROUPPER()
	RET()
}
