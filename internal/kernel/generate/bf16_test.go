package main

import "testing"

// The bytes are another assembler's, LLVM's.
func TestEVEX(t *testing.T) {
	for _, c := range []struct {
		standIn            string
		second, first, dst byte
		want               [6]byte
	}{
		{"VFMADD231PS", 24, 26, 0, [6]byte{0x62, 0x92, 0x2e, 0x40, 0x52, 0xc0}},
		{"VFMADD231PS", 7, 8, 31, [6]byte{0x62, 0x62, 0x3e, 0x48, 0x52, 0xff}},
		{"VFMADD231PS", 30, 15, 16, [6]byte{0x62, 0x82, 0x06, 0x48, 0x52, 0xc6}},
		{"VPMOVDW", 17, 0, 9, [6]byte{0x62, 0x32, 0x7e, 0x48, 0x72, 0xc9}},
		{"VPMOVDW", 6, 0, 30, [6]byte{0x62, 0x62, 0x7e, 0x48, 0x72, 0xf6}},
	} {
		i := bf16Instructions[c.standIn]
		if got := evex(i.prefix, i.opcode, c.dst, c.first, c.second); got != c.want {
			t.Errorf("%s Z%d, Z%d, Z%d: % x, want % x", i.name, c.second, c.first, c.dst, got, c.want)
		}
	}
}
