// Export turns a trained checkpoint into an .onnx file that says everything a
// consumer needs to know, and leaves no file that does not compute what the
// trainer computes.
//
//	export RUN_DIR|CHECKPOINT [--out FILE] [--fixtures DIR]
//
// export --help explains the flags.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/sphereface-go/sphereface/internal/interrupt"
)

// Exit codes, those of the other binaries: trouble of any kind is 2; interrupted by
// SIGINT or SIGTERM it is 130, the shell's own 128 + SIGINT.
const (
	exitTrouble     = 2
	exitInterrupted = 130
)

func main() {
	ctx, stop := interrupt.Context(nil)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "export:", err)
	if errors.Is(err, errInterrupted) {
		os.Exit(exitInterrupted)
	}
	os.Exit(exitTrouble)
}
