package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes is how many 4-byte numbers a vector holds.
const lanes = 8

// spread returns a vector of a number in each lane.
func spread(n reg.Register) reg.VecVirtual {
	x, v := XMM(), YMM()
	VMOVD(n.(reg.GPVirtual).As32(), x)
	VPBROADCASTD(x, v)
	return v
}

// ones returns a vector of 1 in each lane.
func ones() reg.VecVirtual {
	v := YMM()
	VPCMPEQD(v, v, v)
	VPSRLD(Imm(31), v, v)
	return v
}

// join returns the vector of two halves.
func join(low, high reg.VecVirtual) reg.VecVirtual {
	v := YMM()
	VINSERTI128(Imm(1), high, low.AsY(), v)
	return v
}

// choose returns the numbers of a vector whose places are in each lane.
func choose(table, at reg.VecVirtual) reg.VecVirtual {
	v := YMM()
	VPERMD(table, at, v)
	return v
}
