package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dots writes the products of a vector with four rows: see the type dots. Two
// sums a row keep the multipliers busy.
func (s set) dots() {
	const rows, sumsOfRow = 4, 2
	TEXT("dots"+s.suffix, NOSPLIT, "func(d *struct{x, w *float32; n, pitch int; sum [4]float32})")
	d := Dereference(Param("d"))
	x, n := Load(d.Field("x"), GP64()), Load(d.Field("n"), GP64())
	pitch := Load(d.Field("pitch"), GP64())
	w := [rows]reg.Register{Load(d.Field("w"), GP64())}
	for i := 1; i < rows; i++ {
		r := GP64()
		MOVQ(w[i-1], r)
		ADDQ(pitch, r)
		w[i] = r
	}
	var sums [rows][sumsOfRow]reg.VecVirtual
	for i := range sums {
		for j := range sums[i] {
			sums[i][j] = s.zero()
		}
	}
	at := GP64()
	SHLQ(Imm(2), n)
	XORQ(at, at)
	Label("vectors")
	for j := range sumsOfRow {
		v := s.vector()
		VMOVUPS(Mem{Base: x, Index: at, Scale: 1, Disp: j * s.bytes}, v)
		for i := range rows {
			VFMADD231PS(Mem{Base: w[i], Index: at, Scale: 1, Disp: j * s.bytes}, v, sums[i][j])
		}
	}
	ADDQ(Imm(uint64(sumsOfRow*s.bytes)), at)
	CMPQ(at, n)
	JLT(LabelRef("vectors"))
	for i := range sums {
		VADDPS(sums[i][1], sums[i][0], sums[i][0])
		total := s.total(sums[i][0])
		at, err := d.Field("sum").Index(i).Resolve()
		if err != nil {
			panic(err)
		}
		VMOVSS(total, at.Addr)
	}
	VZEROUPPER()
	RET()
}

// total adds up the elements of a vector.
func (s set) total(v reg.VecVirtual) reg.VecVirtual {
	half := v
	if s.wide {
		high := YMM()
		VEXTRACTF64X4(Imm(1), v, high)
		half = YMM()
		VADDPS(high, v.AsY(), half)
	}
	high, sum, other := XMM(), XMM(), XMM()
	VEXTRACTF128(Imm(1), half.AsY(), high)
	VADDPS(high, half.AsX(), sum)
	VMOVHLPS(sum, sum, other)
	VADDPS(other, sum, sum)
	VMOVSHDUP(sum, other)
	VADDSS(other, sum, sum)
	return sum
}

// squares writes the sum of squares in float64 in four vectors, which it
// writes to sum. n is a multiple of their elements.
func (s set) squares() {
	const parts = 4
	TEXT("squares"+s.suffix, NOSPLIT, "func(sum *float64, x *float32, n int)")
	sum, x, n := Load(Param("sum"), GP64()), Load(Param("x"), GP64()), Load(Param("n"), GP64())
	var sums [parts]reg.VecVirtual
	for i := range sums {
		sums[i] = s.zero()
	}
	SHLQ(Imm(2), n)
	ADDQ(x, n)
	Label("vectors")
	for i := range sums {
		v := s.vector()
		VCVTPS2PD(Mem{Base: x, Disp: i * s.bytes / 2}, v)
		VFMADD231PD(v, v, sums[i])
	}
	ADDQ(Imm(uint64(parts*s.bytes/2)), x)
	CMPQ(x, n)
	JLT(LabelRef("vectors"))
	for i := range sums {
		VMOVUPD(sums[i], Mem{Base: sum, Disp: i * s.bytes})
	}
	VZEROUPPER()
	RET()
}
