package main

import (
	"fmt"
	"math"
	"slices"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/sphereface-go/sphereface/internal/kernel/winograd"
)

// transforms writes the linear maps of Winograd's algorithm.
func (s set) transforms() {
	s.transform("transformInput", winograd.InputTransform(), false)
	s.transform("transformFilter", winograd.FilterTransform(), false)
	s.transform("transformResult", winograd.ResultTransform(), false)
	s.transform("transformResultGrad", winograd.ResultTransform().Transposed(), false)
	s.transform("transformFilterGrad", winograd.FilterTransform().Transposed(), true)
}

// transform writes dst = m·src·mᵀ, or dst += m·src·mᵀ, for every channel of
// squares of vectors: see the type transform in internal/kernel. It multiplies
// the columns first and keeps them on the stack, which is more than a function
// that cannot grow it may take.
func (s set) transform(name string, m winograd.Matrix, add bool) {
	TEXT(name+s.suffix, 0, `func(t *struct{
	src, dst *float32
	srcRow, srcCol, dstRow, dstCol, channels int
})`)
	t := Dereference(Param("t"))
	src, dst, left := Load(t.Field("src"), GP64()), Load(t.Field("dst"), GP64()), Load(t.Field("channels"), GP64())
	srcCol, dstRow := Load(t.Field("srcCol"), GP64()), Load(t.Field("dstRow"), GP64())
	from, to := s.distances(Load(t.Field("srcRow"), GP64())), s.distances(Load(t.Field("dstCol"), GP64()))
	combine := s.rowsOf(name, m)

	rows, cols := len(m), len(m[0])
	columns := AllocLocal(rows * cols * s.bytes)
	kept := func(row, col int) Mem { return columns.Offset((row*cols + col) * s.bytes) }
	in := make([]reg.VecVirtual, cols)

	Label("vector")
	at := GP64()
	MOVQ(src, at)
	for col := range cols {
		for i := range in {
			in[i] = s.vector()
			VMOVUPS(from(at, i), in[i])
		}
		for row, v := range combine(in) {
			VMOVUPS(v(), kept(row, col))
		}
		ADDQ(srcCol, at)
	}
	at = GP64()
	MOVQ(dst, at)
	for row := range rows {
		for i := range in {
			in[i] = s.vector()
			VMOVUPS(kept(row, i), in[i])
		}
		for i, v := range combine(in) {
			sum := v()
			if add {
				VADDPS(to(at, i), sum, sum)
			}
			VMOVUPS(sum, to(at, i))
		}
		ADDQ(dstRow, at)
	}
	ADDQ(Imm(uint64(s.bytes)), src)
	ADDQ(Imm(uint64(s.bytes)), dst)
	SUBQ(Imm(uint64(s.bytes/4)), left)
	JNZ(LabelRef("vector"))
	VZEROUPPER()
	RET()
}

// distances returns the places of up to six vectors at multiples of a distance
// from a base.
func (s set) distances(one reg.Register) func(base reg.Register, i int) Mem {
	three, five := GP64(), GP64()
	LEAQ(Mem{Base: one, Index: one, Scale: 2}, three)
	LEAQ(Mem{Base: one, Index: one, Scale: 4}, five)
	return func(base reg.Register, i int) Mem {
		switch i {
		case 0:
			return Mem{Base: base}
		case 3:
			return Mem{Base: base, Index: three, Scale: 1}
		case 5:
			return Mem{Base: base, Index: five, Scale: 1}
		}
		return Mem{Base: base, Index: one, Scale: uint8(i)}
	}
}

// rowsOf loads the constants of a matrix and returns a function that gives, for
// each of its rows, one that computes the row's product with a column of
// vectors.
func (s set) rowsOf(name string, m winograd.Matrix) func(in []reg.VecVirtual) []func() reg.VecVirtual {
	constants := map[float64]reg.VecVirtual{}
	for _, row := range m {
		for _, c := range row {
			c = max(c, -c)
			if _, ok := constants[c]; ok || c == 0 || c == 1 {
				continue
			}
			v := s.vector()
			// As bits: the assembler takes a whole number for an integer.
			bits := U32(math.Float32bits(float32(c)))
			VBROADCASTSS(ConstData(fmt.Sprintf("%s%s%d", name, s.suffix, len(constants)), bits), v)
			constants[c] = v
		}
	}
	return func(in []reg.VecVirtual) []func() reg.VecVirtual {
		var rows []func() reg.VecVirtual
		for _, row := range m {
			rows = append(rows, func() reg.VecVirtual { return s.rowProduct(row, constants, in) })
		}
		return rows
	}
}

// rowProduct writes the sum of row[i]·in[i].
func (s set) rowProduct(row []float64, constants map[float64]reg.VecVirtual, in []reg.VecVirtual) reg.VecVirtual {
	sum := s.vector()
	first := slices.Index(row, 1)
	if first >= 0 {
		VMOVAPS(in[first], sum)
	} else {
		first = slices.IndexFunc(row, func(c float64) bool { return c > 0 })
		VMULPS(constants[row[first]], in[first], sum)
	}
	for i, c := range row {
		switch {
		case i == first || c == 0:
		case c == 1:
			VADDPS(in[i], sum, sum)
		case c == -1:
			VSUBPS(in[i], sum, sum)
		case c > 0:
			VFMADD231PS(constants[c], in[i], sum)
		default:
			VFNMADD231PS(constants[-c], in[i], sum)
		}
	}
	return sum
}
