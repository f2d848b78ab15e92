// Command train trains a face-verification network: a YAML file and flags in,
// a run directory with checkpoints and curves out.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/sphereface-go/sphereface/internal/interrupt"
	"github.com/sphereface-go/sphereface/internal/trainer"
)

// Exit codes: what went wrong is 2, as in the other binaries; a run that was
// interrupted ends as the shell's own convention has it, 128 + SIGINT.
const (
	exitTrouble     = 2
	exitInterrupted = 130
)

func main() {
	var also []os.Signal
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		also = append(also, syscall.SIGHUP) // the terminal was closed
	}
	ctx, stop := interrupt.Context(func() {
		fmt.Fprintln(os.Stderr, "\ntrain: stopping; Ctrl-C again quits at once")
	}, also...)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil:
	case errors.Is(err, trainer.ErrStopped), errors.Is(err, errNothingTrained), errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(exitInterrupted)
	default:
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(exitTrouble)
	}
}
