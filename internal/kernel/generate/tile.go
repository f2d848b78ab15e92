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

// tile writes the function that all products are made of: see the type tile in
// internal/kernel for what it computes. The sums stay in registers. A step of
// the summed dimension loads two vectors of b and broadcasts one value of a for
// each row, whose places are kept in registers too.
func (s set) tile() {
	TEXT("tile"+s.suffix, NOSPLIT, tileSignature)

	t := Dereference(Param("t"))
	sums := s.startTile(Load(t.Field("init"), GP64()))

	runs, left := AllocLocal(8), AllocLocal(8)
	aBase, bBase := AllocLocal(8), AllocLocal(8)
	aStep, bStep := AllocLocal(8), AllocLocal(8)
	length := AllocLocal(8)
	n := GP64()
	Load(t.Field("runCount"), n)
	MOVQ(n, left)
	TESTQ(n, n)
	JZ(LabelRef("store"))
	local := func(name string, m Mem) {
		r := GP64()
		Load(t.Field(name), r)
		MOVQ(r, m)
	}
	local("runs", runs)
	local("b", bBase)
	local("steps", length)
	var aAdd, bAdd Op = aStep, bStep
	if !s.wide {
		aAdd, bAdd = Load(t.Field("aStep"), GP64()), Load(t.Field("bStep"), GP64())
	} else {
		local("aStep", aStep)
		local("bStep", bStep)
	}

	// The place of the first row is part of the base.
	places, a := GP64(), GP64()
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
	b, count := GP64(), GP64()
	at := GP64()
	MOVQ(runs, at)
	a = GP64()
	MOVQ(Mem{Base: at}, a)
	ADDQ(aBase, a)
	MOVQ(Mem{Base: at, Disp: 8}, b)
	ADDQ(bBase, b)
	ADDQ(Imm(16), at)
	MOVQ(at, runs)
	MOVQ(length, count)

	Label("step")
	b0, b1 := s.vector(), s.vector()
	VMOVUPS(Mem{Base: b}, b0)
	VMOVUPS(Mem{Base: b, Disp: s.bytes}, b1)
	for i := range s.rows {
		x := s.vector()
		m := Mem{Base: a}
		if i > 0 {
			m.Index, m.Scale = offsets[i], 1
		}
		VBROADCASTSS(m, x)
		VFMADD231PS(b0, x, sums[i][0])
		VFMADD231PS(b1, x, sums[i][1])
	}
	ADDQ(aAdd, a)
	ADDQ(bAdd, b)
	DECQ(count)
	JNZ(LabelRef("step"))
	DECQ(left)
	JNZ(LabelRef("run"))

	Label("store")
	s.storeTile(sums)
	VZEROUPPER()
	RET()
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
