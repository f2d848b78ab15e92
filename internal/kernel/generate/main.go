// Command generate writes the assembly of internal/kernel: the same functions
// for each instruction set, from one description of each.
//
//	generate -isa avx2 -out avx2_amd64.s
package main

import (
	"flag"
	"fmt"
	"os"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
)

func main() {
	name := flag.String("isa", "", "instruction set: avx2, avx512 or bf16")
	flag.Parse()
	s, ok := sets[*name]
	if !ok {
		fmt.Fprintf(os.Stderr, "generate: instruction set %q; want avx2, avx512 or bf16\n", *name)
		os.Exit(2)
	}
	s.tile(false)
	s.tile(true)
	s.peak()
	if s.bf16 {
		s.pairs()
		s.zip()
		pass.Compile = pass.Concat(pass.Compile, pass.FunctionPass(encodeBF16))
	} else {
		s.elementwise()
	}
	Generate()
}

// elementwise writes all that is not a product, and the few products that are
// made without a tile.
func (s set) elementwise() {
	s.activate()
	s.activateGrad()
	s.dots()
	s.sgd()
	s.add()
	s.squares()
	s.transforms()
}
