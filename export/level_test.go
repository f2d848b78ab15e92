//go:build unix

package main

import (
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// A level that does not exist stops the program before it reads anything.
func TestUnknownLevel(t *testing.T) {
	t.Setenv(kernel.Variable, "fast")
	for _, args := range [][]string{{t.TempDir()}, {"--version"}} {
		stderr, code := process(t, 1<<30, args...)
		want := "export: kernel: SPHEREFACE_KERNEL=fast: there is no such level: unset the variable or choose one of portable"
		if code != exitTrouble || !strings.HasPrefix(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit code %d, %q; want one line with %q", args, code, stderr, want)
		}
	}
}
