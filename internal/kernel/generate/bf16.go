package main

import (
	"encoding/binary"
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Neither Go's assembler nor avo knows the instructions of AVX512_BF16. In the
// functions of that set, another instruction with the same operands, of which it
// reads and writes the same, stands for each of them until the registers are
// allocated; then encodeBF16 puts the bytes in its place. All are in the map
// 0F38 and have 512 bits.
var bf16Instructions = map[string]struct {
	name           string
	prefix, opcode byte // prefix as in EVEX: 2 is F3
}{
	// sum += x·y, where x and y are pairs
	"VFMADD231PS": {"VDPBF16PS", 2, 0x52},
	// a vector into one of half as many bits a number
	"VPMOVDW": {"VCVTNEPS2BF16", 2, 0x72},
}

// convertBF16 rounds a vector of float32.
func convertBF16(x, out reg.Register) { VPMOVDW(x, out) }

// encodeBF16 is the pass that does so.
func encodeBF16(f *ir.Function) error {
	for _, i := range f.Instructions() {
		known, ok := bf16Instructions[i.Opcode]
		if !ok {
			continue
		}
		var at []byte // in Go's order: second source, first source or none, destination
		var names []string
		for _, op := range i.Operands {
			r, ok := op.(reg.Physical)
			if !ok {
				return fmt.Errorf("%s: operand %s is no register", known.name, op.Asm())
			}
			at, names = append(at, byte(r.PhysicalIndex())), append(names, op.Asm())
		}
		if len(at) == 2 { // none counts as register 0
			at = []byte{at[0], 0, at[1]}
		}
		text := known.name + " " + strings.Join(names, ", ")
		i.Opcode, i.Operands = "LONG", []Op{encoded{evex(known.prefix, known.opcode, at[2], at[1], at[0]), text}}
	}
	for i, isa := range f.ISA {
		if isa == "AVX512F" {
			f.ISA[i] = "AVX512F, AVX512_BF16"
		}
	}
	return nil
}

// evex encodes an instruction of three registers of 512 bits in the map 0F38.
func evex(prefix, opcode, dst, first, second byte) [6]byte {
	bit := func(r byte, n int) byte { return ^r >> n & 1 } // EVEX inverts them
	return [6]byte{
		0x62,
		bit(dst, 3)<<7 | bit(second, 4)<<6 | bit(second, 3)<<5 | bit(dst, 4)<<4 | 2,
		^first&15<<3 | 4 | prefix,
		0x40 | bit(first, 4)<<3,
		opcode,
		0xc0 | dst&7<<3 | second&7,
	}
}

// encoded is what stands after LONG for an instruction of six bytes.
type encoded struct {
	bytes [6]byte
	text  string
}

// Asm implements avo's operand.
func (e encoded) Asm() string {
	return fmt.Sprintf("$%#08x; WORD $%#04x // %s", binary.LittleEndian.Uint32(e.bytes[:]), binary.LittleEndian.Uint16(e.bytes[4:]), e.text)
}
