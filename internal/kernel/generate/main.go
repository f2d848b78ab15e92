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
)

func main() {
	name := flag.String("isa", "", "instruction set: avx2 or avx512")
	flag.Parse()
	s, ok := sets[*name]
	if !ok {
		fmt.Fprintf(os.Stderr, "generate: instruction set %q; want avx2 or avx512\n", *name)
		os.Exit(2)
	}
	s.tile(false)
	s.tile(true)
	s.peak()
	s.activate()
	s.activateGrad()
	s.dots()
	s.sgd()
	s.add()
	s.squares()
	s.transforms()
	Generate()
}
