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

	"github.com/sphereface-go/sphereface/internal/trainer"
)

// Exit codes: what went wrong is 2, as in the other binaries; a run that was
// interrupted ends as the shell's own convention has it, 128 + SIGINT.
const (
	exitTrouble     = 2
	exitInterrupted = 130
)

func main() {
	stopping := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		stopping = append(stopping, syscall.SIGHUP) // the terminal was closed
	}
	// Training goes on when nobody reads its progress any more: by default the first
	// line into a closed pipe would end the process.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), stopping...)
	context.AfterFunc(ctx, func() {
		stop() // the default is back: a second signal ends at once
		fmt.Fprintln(os.Stderr, "\ntrain: stopping; Ctrl-C again quits at once")
	})
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
