// Package interrupt turns the signals that ask a program to stop into a context.
package interrupt

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Context returns a context that the first SIGINT, SIGTERM or other signal given
// cancels, and calls told then, if it is not nil. From then on SIGINT and SIGTERM do what
// they do by default, so that a second one ends the process; the others go on to do
// nothing, as SIGHUP comes twice when a terminal is closed, from the shell and from the
// system. stop is for the end of the program.
//
// It is [signal.NotifyContext] but for the context's cause, which is [context.Canceled]
// here. NotifyContext's is an error of its own, for which errors.Is(cause,
// context.Canceled) is false in some versions of Go.
func Context(told func(), also ...os.Signal) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals, others := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if len(also) > 0 { // of none, Notify would take all
		signal.Notify(others, also...)
	}
	go func() {
		select {
		case <-signals:
		case <-others:
		case <-ctx.Done():
			return
		}
		signal.Stop(signals)
		cancel()
		if told != nil {
			told()
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		signal.Stop(others)
		cancel()
	}
}
