//go:build unix

package interrupt

import (
	"context"
	"syscall"
	"testing"
	"time"
)

func TestContext(t *testing.T) {
	told := make(chan bool, 1)
	ctx, stop := Context(func() { told <- true }, syscall.SIGUSR1)
	defer stop()
	if ctx.Err() != nil {
		t.Fatal(ctx.Err())
	}
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	select {
	case <-told:
	case <-time.After(10 * time.Second):
		t.Fatal("the signal is not told of within 10 seconds")
	}
	if ctx.Err() != context.Canceled || context.Cause(ctx) != context.Canceled {
		t.Errorf("error %v, cause %v, want %v of both", ctx.Err(), context.Cause(ctx), context.Canceled)
	}
}

func TestStop(t *testing.T) {
	ctx, stop := Context(func() { t.Error("told of a signal that did not come") })
	stop()
	if ctx.Err() == nil {
		t.Error("the context goes on")
	}
}
