// The program fetch puts ONNX Runtime's shared library beside the binaries, where
// infer and export find it:
//
//	go run ./internal/ort/fetch --out bin
//
// The library comes out of a Go module that go.mod names (see package module). A
// file that is the same already is left alone, and another one is replaced at once
// when the new one is complete.
package main

import (
	"fmt"
	"os"

	"github.com/sphereface-go/sphereface/internal/interrupt"
)

func main() {
	ctx, stop := interrupt.Context(nil)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
