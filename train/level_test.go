package main

import (
	"bytes"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// A level that does not exist stops every command that would compute with it.
func TestUnknownLevel(t *testing.T) {
	for _, args := range [][]string{
		{"--config", "../configs/demo.yaml"},
		{"eval", "--run", "r", "--pairs", "p", "--images", "i"},
		{"--version"},
	} {
		cmd := child(t, args...)
		cmd.Env = append(cmd.Environ(), kernel.Variable+"=fast")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		err := cmd.Run()
		var exit *exec.ExitError
		want := "SPHEREFACE_KERNEL=fast: there is no such level: unset the variable or choose one of portable"
		if !errors.As(err, &exit) || !strings.Contains(stderr.String(), want) || strings.Count(stderr.String(), "\n") != 1 {
			t.Errorf("%v: %v, %q; want one line with %q", args, err, &stderr, want)
		}
	}
}
