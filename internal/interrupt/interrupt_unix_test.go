//go:build unix

package interrupt

import (
	"context"
	"os/signal"
	"syscall"
	"testing"
	"time"
)

func TestContext(t *testing.T) {
	told := make(chan bool, 2)
	ctx, stop := Context(func() { told <- true }, syscall.SIGUSR1)
	defer stop()
	if ctx.Err() != nil {
		t.Fatal(ctx.Err())
	}
	// The second one would end the process if it did what it does by default.
	for range 2 {
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGUSR1); err != nil {
			t.Fatal(err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Second):
			t.Fatal("the signal does not cancel the context within 10 seconds")
		}
		time.Sleep(10 * time.Millisecond) // or both would count as one
	}
	if ctx.Err() != context.Canceled || context.Cause(ctx) != context.Canceled {
		t.Errorf("error %v, cause %v, want %v of both", ctx.Err(), context.Cause(ctx), context.Canceled)
	}
	<-told
	if len(told) > 0 {
		t.Error("told of the second signal, too")
	}
}

// Once it is stopped, the context is done and signals do not tell any more.
func TestStop(t *testing.T) {
	signal.Ignore(syscall.SIGUSR2)
	ctx, stop := Context(func() { t.Error("told of a signal that came after the end") }, syscall.SIGUSR2)
	stop()
	if ctx.Err() == nil {
		t.Error("the context goes on")
	}
	signal.Ignore(syscall.SIGUSR2) // by default it ends the process
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGUSR2); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
}
