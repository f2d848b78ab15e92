package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tileSignature is that of the kernel's func(t *tile), with the fields of tile.
const tileSignature = `func(t *struct{
	a, b, c, init *float32
	aRows, cRows *int
	runs *int
	runCount, steps, aStep, bStep, add int
})`

// unroll is how many steps the dense tile does in one round.
const unroll = 4

// tile writes the function that all products are made of: see the type tile in
// internal/kernel for what it computes. The sums stay in registers. A step of
// the summed dimension loads two vectors of b and broadcasts one value of a for
// each row, whose places are kept in registers too.
//
// The dense function takes tiles whose steps follow each other in a, and in b as
// packed. It does several steps in one round: fewer instructions leave more room
// to whoever shares the core.
func (s set) tile(dense bool) {
	name := "tile"
	if dense {
		name = "tileDense"
	}
	TEXT(name+s.suffix, NOSPLIT, tileSignature)

	t := Dereference(Param("t"))
	sums := s.startTile(Load(t.Field("init"), GP64()))

	s.prefetch(Load(t.Field("c"), GP64()), Load(t.Field("cRows"), GP64()))

	left := AllocLocal(8)
	n := GP64()
	Load(t.Field("runCount"), n)
	MOVQ(n, left)
	TESTQ(n, n)
	JZ(LabelRef("store"))
	local := func(field string) Mem {
		r, m := GP64(), AllocLocal(8)
		Load(t.Field(field), r)
		MOVQ(r, m)
		return m
	}
	runs, bBase, length := local("runs"), local("b"), local("steps")
	var aStep, bStep Op
	switch {
	case dense:
	case s.wide: // no register is left for them
		aStep, bStep = local("aStep"), local("bStep")
	default:
		aStep, bStep = Load(t.Field("aStep"), GP64()), Load(t.Field("bStep"), GP64())
	}

	// The place of the first row is part of the base.
	places, a, aBase := GP64(), GP64(), AllocLocal(8)
	Load(t.Field("aRows"), places)
	Load(t.Field("a"), a)
	ADDQ(Mem{Base: places}, a)
	MOVQ(a, aBase)
	offsets := make([]reg.GPVirtual, s.rows)
	for i := 1; i < s.rows; i++ {
		offsets[i] = GP64()
		MOVQ(Mem{Base: places, Disp: 8 * i}, offsets[i])
		SUBQ(Mem{Base: places}, offsets[i])
	}

	Label("run")
	at, b, count := GP64(), GP64(), GP64()
	a = GP64()
	MOVQ(runs, at)
	MOVQ(Mem{Base: at}, a)
	ADDQ(aBase, a)
	MOVQ(Mem{Base: at, Disp: 8}, b)
	ADDQ(bBase, b)
	ADDQ(Imm(16), at)
	MOVQ(at, runs)
	MOVQ(length, count)

	if dense {
		SUBQ(Imm(unroll), count)
		JLT(LabelRef("rest"))
		Label("round")
		for u := range unroll {
			s.step(sums, offsets, a, b, u)
		}
		ADDQ(Imm(4*unroll), a)
		ADDQ(U32(uint32(2*s.bytes*unroll)), b)
		SUBQ(Imm(unroll), count)
		JGE(LabelRef("round"))
		Label("rest")
		ADDQ(Imm(unroll), count)
		JZ(LabelRef("next"))
		aStep, bStep = Imm(4), U32(uint32(2*s.bytes))
	}
	Label("step")
	s.step(sums, offsets, a, b, 0)
	ADDQ(aStep, a)
	ADDQ(bStep, b)
	DECQ(count)
	JNZ(LabelRef("step"))
	Label("next")
	DECQ(left)
	JNZ(LabelRef("run"))

	Label("store")
	s.storeTile(sums)
	VZEROUPPER()
	RET()
}

// step adds the products of the u-th step from a and b on.
func (s set) step(sums [][2]reg.VecVirtual, offsets []reg.GPVirtual, a, b reg.Register, u int) {
	b0, b1 := s.vector(), s.vector()
	VMOVUPS(Mem{Base: b, Disp: 2 * u * s.bytes}, b0)
	VMOVUPS(Mem{Base: b, Disp: (2*u + 1) * s.bytes}, b1)
	for i := range s.rows {
		x := s.vector()
		m := Mem{Base: a, Disp: 4 * u}
		if i > 0 {
			m.Index, m.Scale = offsets[i], 1
		}
		VBROADCASTSS(m, x)
		VFMADD231PS(b0, x, sums[i][0])
		VFMADD231PS(b1, x, sums[i][1])
	}
}

// prefetch asks for the memory of c while the sums are being made.
func (s set) prefetch(c, rows reg.Register) {
	for i := range s.rows {
		at := GP64()
		MOVQ(Mem{Base: rows, Disp: 8 * i}, at)
		for line := 0; line < 2*s.bytes; line += 64 {
			PREFETCHT0(Mem{Base: c, Index: at, Scale: 1, Disp: line})
		}
	}
}

// startTile loads the same two vectors into all rows of sums.
func (s set) startTile(init reg.Register) [][2]reg.VecVirtual {
	sums := make([][2]reg.VecVirtual, s.rows)
	for i := range sums {
		sums[i] = [2]reg.VecVirtual{s.vector(), s.vector()}
		for v := range sums[i] {
			VMOVUPS(Mem{Base: init, Disp: v * s.bytes}, sums[i][v])
		}
	}
	return sums
}

// storeTile writes or adds the sums to c.
func (s set) storeTile(sums [][2]reg.VecVirtual) {
	t := Dereference(Param("t"))
	c, rows, add := Load(t.Field("c"), GP64()), Load(t.Field("cRows"), GP64()), Load(t.Field("add"), GP64())
	place := func(i int) Mem {
		at := GP64()
		MOVQ(Mem{Base: rows, Disp: 8 * i}, at)
		ADDQ(c, at)
		return Mem{Base: at}
	}
	TESTQ(add, add)
	JZ(LabelRef("overwrite"))
	for i := range sums {
		m := place(i)
		for v, sum := range sums[i] {
			VADDPS(m.Offset(v*s.bytes), sum, sum)
		}
	}
	Label("overwrite")
	for i := range sums {
		m := place(i)
		for v, sum := range sums[i] {
			VMOVUPS(sum, m.Offset(v*s.bytes))
		}
	}
}
