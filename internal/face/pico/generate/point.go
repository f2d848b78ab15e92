package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// stepSignature is that of the package's func(s *step).
const stepSignature = `func(s *struct{
	pix []uint8
	nodes []uint32
	moves []uint64
	tops, lefts, sides []int32
	rows, cols []float32
	width, depth int
})`

// point writes what a tree says to each way: see the type step. As in faces the
// number of a node is counted from the first of its level.
func point() {
	TEXT("movesAVX2", NOSPLIT, stepSignature)
	s := Dereference(Param("s"))
	pix, nodes := Load(s.Field("pix").Base(), GP64()), Load(s.Field("nodes").Base(), GP64())
	moves, depth := Load(s.Field("moves").Base(), GP64()), Load(s.Field("depth"), GP64())
	tops, lefts := Load(s.Field("tops").Base(), GP64()), Load(s.Field("lefts").Base(), GP64())
	sides, count := Load(s.Field("sides").Base(), GP64()), Load(s.Field("tops").Len(), GP64())
	rows, cols := Load(s.Field("rows").Base(), GP64()), Load(s.Field("cols").Base(), GP64())
	width := spread(Load(s.Field("width"), GP64()))
	one := ones()
	upper, fourth := YMM(), YMM() // the nodes of the first three levels, and of the fourth
	VMOVDQU(Mem{Base: nodes}, upper)
	VMOVDQU(Mem{Base: nodes, Disp: 4 * 7}, fourth)
	at := GP64()
	XORQ(at, at)

	Label("ways")
	var groups [2]group
	for i := range groups {
		g := &groups[i]
		*g = group{node: YMM(), side: YMM(), places: AllocLocal(64)}
		here := func(field reg.Register) Mem { return Mem{Base: field, Index: at, Scale: 4, Disp: 4 * lanes * i} }
		g.top, g.left, g.row, g.col = here(tops), here(lefts), here(rows), here(cols)
		VMOVDQU(here(sides), g.side)
	}
	w := walk{pix: pix, width: width, one: one}
	root := YMM()
	VPBROADCASTD(Mem{Base: nodes}, root)
	for _, g := range groups {
		VMOVDQA(w.brighter(g, root), g.node)
	}
	for level := 1; level <= 2; level++ {
		for _, g := range groups {
			number := YMM() // in the tree
			VMOVDQA(g.node, number)
			for range 1<<level - 1 {
				VPADDD(one, number, number)
			}
			w.descend(g, choose(upper, number))
		}
	}
	for _, g := range groups {
		w.descend(g, choose(fourth, g.node))
	}
	level, size, deeper := GP64(), GP64(), GP64()
	LEAQ(Mem{Base: nodes, Disp: 4 * 15}, level)
	MOVQ(U32(4*16), size)
	MOVQ(depth, deeper)
	SUBQ(Imm(4), deeper)
	JZ(LabelRef("moves"))
	Label("levels")
	for _, g := range groups {
		w.descend(g, g.nodes(level))
	}
	ADDQ(size, level)
	ADDQ(size, size)
	DECQ(deeper)
	JNZ(LabelRef("levels"))

	Label("moves")
	for _, g := range groups {
		g.move(moves)
	}
	ADDQ(Imm(uint64(lanes*len(groups))), at)
	CMPQ(at, count)
	JLT(LabelRef("ways"))
	VZEROUPPER()
	RET()
}

// group is a vector of ways. Two are on their way at a time, since each waits at
// every node for what the pixels say.
type group struct {
	node, side          reg.VecVirtual // the node's number in its level
	top, left, row, col Mem
	places              Mem // to be read one by one
}

// walk is what all groups share.
type walk struct {
	pix        reg.Register
	width, one reg.VecVirtual
}

// descend goes to the right where the first pixel of the nodes is the brighter one.
func (w walk) descend(g group, nodes reg.VecVirtual) {
	right := w.brighter(g, nodes)
	VPADDD(g.node, g.node, g.node)
	VPADDD(right, g.node, g.node)
}

// brighter is 1 where the first pixel of the nodes is the brighter one.
func (w walk) brighter(g group, nodes reg.VecVirtual) reg.VecVirtual {
	for i := range 2 {
		place := g.within(nodes, 2*i, g.top)
		VPMULLD(w.width, place, place)
		VPADDD(g.within(nodes, 2*i+1, g.left), place, place)
		VMOVDQU(place, g.places.Offset(4*lanes*i))
	}
	var pixels [2]reg.VecVirtual
	for i := range pixels {
		pixels[i] = XMM()
		VPXOR(pixels[i], pixels[i], pixels[i])
		for lane := range lanes {
			VPINSRB(Imm(uint64(lane)), Mem{Base: w.pix, Index: g.place(i*lanes + lane), Scale: 1}, pixels[i], pixels[i])
		}
	}
	VPSUBUSB(pixels[1], pixels[0], pixels[0]) // what is below 0 becomes 0
	v := YMM()
	VPMOVZXBD(pixels[0], v)
	VPMINUD(w.one, v, v)
	return v
}

// within is the row or the column of a pixel, which a byte of the nodes gives in
// the surroundings.
func (g group) within(nodes reg.VecVirtual, byte int, from Mem) reg.VecVirtual {
	v := YMM()
	if byte < 3 {
		VPSLLD(Imm(uint64(24-8*byte)), nodes, v)
		VPSRAD(Imm(24), v, v)
	} else {
		VPSRAD(Imm(24), nodes, v)
	}
	VPMULLD(g.side, v, v)
	VPADDD(from, v, v)
	VPSRAD(Imm(8), v, v)
	return v
}

// place returns a place, which is not negative.
func (g group) place(i int) reg.Register {
	r := GP32()
	MOVL(g.places.Offset(4*i), r)
	return r.As64()
}

// nodes loads those of a level, each by itself: that is faster than VPGATHERDD.
func (g group) nodes(level reg.Register) reg.VecVirtual {
	VMOVDQU(g.node, g.places)
	var halves [2]reg.VecVirtual
	for i := range halves {
		halves[i] = XMM()
		for j := range 4 {
			from := Mem{Base: level, Index: g.place(4*i + j), Scale: 4}
			if j == 0 {
				VMOVD(from, halves[i])
			} else {
				VPINSRD(Imm(uint64(j)), from, halves[i], halves[i])
			}
		}
	}
	return join(halves[0], halves[1])
}

// move adds the moves of the leaves.
func (g group) move(moves reg.Register) {
	VMOVDQU(g.node, g.places)
	var quarters [4]reg.VecVirtual // of two moves each
	for i := range quarters {
		quarters[i] = XMM()
		VMOVSD(Mem{Base: moves, Index: g.place(2 * i), Scale: 8}, quarters[i])
		VMOVHPD(Mem{Base: moves, Index: g.place(2*i + 1), Scale: 8}, quarters[i], quarters[i])
	}
	even, odd := join(quarters[0], quarters[2]), join(quarters[1], quarters[3])
	for _, of := range []struct {
		votes Mem
		order uint64
	}{{g.row, 0b10_00_10_00}, {g.col, 0b11_01_11_01}} {
		move := YMM()
		VSHUFPS(Imm(of.order), odd, even, move)
		VADDPS(of.votes, move, move)
		VMOVUPS(move, of.votes)
	}
}
