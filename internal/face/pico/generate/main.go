// Command generate writes the assembly of internal/face/pico: eight windows, or
// eight ways to a point, at a time.
//
//	generate -out avx2_amd64.s
package main

import (
	"flag"

	. "github.com/mmcloughlin/avo/build"
)

func main() {
	flag.Parse()
	faces()
	point()
	Generate()
}
