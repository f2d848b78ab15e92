// Versus times this project's training step against PyTorch's, its forward pass
// against ONNX Runtime's, and its way from photos to embeddings against that of
// OpenCV and ONNX Runtime in Python, in rounds that take turns:
//
//	go tool task bench:pytorch -- --network sphereface20 --batch 16
//
// docs/benchmarks.md says what is compared and why that is fair; --help explains
// the flags. PyTorch and OpenCV are needed for nothing else in this project, and are
// installed into a folder of caches at the first run.
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
		fmt.Fprintln(os.Stderr, "versus:", err)
		os.Exit(2)
	}
}
