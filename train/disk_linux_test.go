package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
)

// TestFullDisk lets the first checkpoint, which has no momentum yet, be
// written, and no larger file: the second checkpoint fails in the middle.
func TestFullDisk(t *testing.T) {
	reference := filepath.Join(t.TempDir(), "reference")
	file := writeConfig(t, tiny)
	mustRun(t, "--config", file, "--run", reference, "--train.epochs", "1")
	whole, err := os.Stat(checkpoint.Run{Dir: reference}.Last())
	if err != nil {
		t.Fatal(err)
	}

	dir := filepath.Join(t.TempDir(), "run")
	cmd := child(t, "--config", file, "--run", dir)
	cmd.Env = append(cmd.Env, fmt.Sprintf("%s=%d", fileLimit, whole.Size()-whole.Size()/4))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitTrouble {
		t.Fatalf("%v\n%s", err, out)
	}
	run := checkpoint.Run{Dir: dir}
	if want := "checkpoint: write " + run.Last() + ": file too large. Once that is put right, go on with: train --resume " + dir; !strings.Contains(string(out), want) {
		t.Errorf("got %s, want %s", out, want)
	}
	state, err := checkpoint.Load(run.Last())
	if err != nil {
		t.Fatal(err)
	}
	if state.Step != 0 {
		t.Errorf("the checkpoint is of step %d, want 0", state.Step)
	}
	entries, err := os.ReadDir(filepath.Dir(run.Last()))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
	// With room on the disk the run goes on.
	mustRun(t, "--resume", dir, "--train.epochs", "1")
	if read(t, run.Last()) == "" {
		t.Error("no checkpoint")
	}
}
