// Package interrupt turns the signals that ask a program to stop into a context.
package interrupt

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Context returns a context that the first SIGINT, SIGTERM or other signal given
// cancels, and calls told then, if it is not nil. From then on the signals do what they
// do by default, so that a second one ends the process. stop is for the end of the
// program.
//
// It is [signal.NotifyContext] but for the context's cause, which is
// [context.Canceled] here as of any context that is cancelled. There it is an error of
// its own, which in some versions of Go does not say so to errors.Is.
func Context(told func(), also ...os.Signal) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, append([]os.Signal{os.Interrupt, syscall.SIGTERM}, also...)...)
	go func() {
		select {
		case <-signals:
			signal.Stop(signals)
			cancel()
			if told != nil {
				told()
			}
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}
