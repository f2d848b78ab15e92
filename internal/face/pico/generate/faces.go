package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/gotypes"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// ballotSignature is that of the package's func(b *ballot).
const ballotSignature = `func(b *struct{
	pix []uint8
	nodes, pairs []uint64
	leaves []float32
	centres []int32
	sums []float32
	size, width, depth int
	threshold float32
	kept int
})`

// pairBytes is what a pair of places has in memory.
const pairBytes = 8

// depth is that of the trees that the assembly is for: the published cascade's.
const depth = 6

// faces writes the vote of a tree: see the type ballot. Windows follow each other
// without a branch that could be mispredicted, so that the processor has several on
// their way at a time: at every node each waits for its pair and then for its pixels.
// Loading many places in one instruction (VPGATHERDD) turned out to be slower.
func faces() {
	TEXT("votesAVX2", NOSPLIT, ballotSignature)
	b := Dereference(Param("b"))
	pairs := Load(b.Field("pairs").Base(), GP64())
	places(Load(b.Field("nodes").Base(), GP64()), pairs, Load(b.Field("size"), GP64()), Load(b.Field("width"), GP64()))

	pix, leaves := Load(b.Field("pix").Base(), GP64()), Load(b.Field("leaves").Base(), GP64())
	centres, sums := Load(b.Field("centres").Base(), GP64()), Load(b.Field("sums").Base(), GP64())
	count, threshold := Load(b.Field("centres").Len(), GP64()), XMM()
	VMOVSS(address(b.Field("threshold")), threshold)
	at, kept := GP64(), GP64()
	XORQ(at, at)
	XORQ(kept, kept)

	Label("windows")
	place, centre := GP64(), GP64()
	MOVLQSX(Mem{Base: centres, Index: at, Scale: 4}, place)
	LEAQ(Mem{Base: pix, Index: place, Scale: 1}, centre)
	// The number of a node, counted from the first of its level: in the end it is
	// that of a leaf. ≤ goes to the right.
	node := GP64()
	XORQ(node, node)
	for level := range depth {
		first, second, pixel := GP64(), GP64(), GP32()
		pair := Mem{Base: pairs, Index: node, Scale: pairBytes, Disp: pairBytes * (1<<level - 1)}
		MOVLQSX(pair, first)
		MOVLQSX(pair.Offset(4), second)
		MOVBLZX(Mem{Base: centre, Index: first, Scale: 1}, pixel)
		LEAQ(Mem{Base: node, Index: node, Scale: 1, Disp: 1}, node)
		CMPB(Mem{Base: centre, Index: second, Scale: 1}, pixel.As8())
		SBBQ(Imm(0), node)
	}
	sum := XMM()
	VMOVSS(Mem{Base: sums, Index: at, Scale: 4}, sum)
	VADDSS(Mem{Base: leaves, Index: node, Scale: 4}, sum, sum)
	MOVL(place.As32(), Mem{Base: centres, Index: kept, Scale: 4})
	VMOVSS(sum, Mem{Base: sums, Index: kept, Scale: 4})
	VUCOMISS(sum, threshold) // carries if the sum is above it
	ADCQ(Imm(0), kept)
	INCQ(at)
	CMPQ(at, count)
	JLT(LabelRef("windows"))

	Store(kept, b.Field("kept"))
	VZEROUPPER()
	RET()
}

// places writes the places of the nodes' pixels as distances from a window's centre
// in memory, four nodes at a time.
func places(nodes, pairs, size, width reg.Register) {
	sizes, widths := spread(size), spread(width)
	VPBLENDD(Imm(0xaa), ones(), widths, widths) // columns are not multiplied
	from, to, count := GP64(), GP64(), GP64()
	MOVQ(nodes, from)
	MOVQ(pairs, to)
	MOVQ(U32(1<<depth), count)
	Label("places")
	var two [2]reg.VecVirtual
	for i := range two {
		two[i] = YMM()
		VPMOVSXWD(Mem{Base: from, Disp: 16 * i}, two[i])
		VPMULLD(sizes, two[i], two[i])
		VPSRAD(Imm(8), two[i], two[i])
		VPMULLD(widths, two[i], two[i])
	}
	VPHADDD(two[1], two[0], two[0])
	VPERMQ(Imm(0b11_01_10_00), two[0], two[0])
	VMOVDQU(two[0], Mem{Base: to})
	ADDQ(Imm(32), from)
	ADDQ(Imm(32), to)
	SUBQ(Imm(4), count)
	JNZ(LabelRef("places"))
}

// address is where an argument lies, for a load by an instruction of AVX: with the
// older one that Load takes a vote is four times slower.
func address(c gotypes.Component) Mem {
	a, err := c.Resolve()
	if err != nil {
		panic(err)
	}
	return a.Addr
}
