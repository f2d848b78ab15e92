//go:build unix

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A second signal ends the process at once, whatever it is waiting for: here for a
// list that never comes.
func TestSecondInterrupt(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pairs.txt")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, os.Args[0], "eval", "--images", t.TempDir(), "--pairs", pipe)
	command.Env = append(os.Environ(), asInfer+"=1")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	const pause = 10 * time.Millisecond
	// There is a writer's end once the process reads: then it listens to signals, too.
	for {
		writer, err := os.OpenFile(pipe, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil {
			defer writer.Close()
			break
		}
		select {
		case <-ended:
			t.Fatalf("the process does not wait for the list: %v", command.ProcessState)
		case <-time.After(pause):
		}
	}
	for {
		_ = command.Process.Signal(syscall.SIGINT) // it may have ended
		select {
		case <-ended:
			status := command.ProcessState.Sys().(syscall.WaitStatus)
			if !status.Signaled() || status.Signal() != syscall.SIGINT {
				t.Errorf("the process ended with %v, want the signal", command.ProcessState)
			}
			return
		case <-time.After(pause): // signals that come together may count as one
		}
	}
}
