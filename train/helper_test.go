package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
)

// tiny is a run of 2 epochs of 5 steps that takes a second.
const tiny = `
seed: 7
threads: 2
network: {width: 0.0625, embedding: 8}
data: {source: synthetic, holdout: 0.3, people: 14, images: 3}
augment: {shift: 2}
train: {epochs: 2, batch: 6}
solver: {rate: 0.01, warmup: 2}
validation: {pairs: 12, folds: 2}
checkpoint: {steps: 1}
`

// childArgs is the variable that makes the test binary be `train` itself, for
// tests that need a process of its own.
const childArgs = "TRAIN_TEST_ARGS"

func TestMain(m *testing.M) {
	if text, ok := os.LookupEnv(childArgs); ok {
		var args []string
		if err := json.Unmarshal([]byte(text), &args); err != nil {
			panic(err)
		}
		limitChild()
		os.Args = append([]string{"train"}, args...)
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child is a process of `train` with the arguments, which the test does not leave
// behind.
func child(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe) // killed when the test ends
	cmd.Env = append(os.Environ(), childArgs+"="+string(text))
	return cmd
}

// waitFor waits until the checkpoint at path is as wanted, and fails if the
// process does not come to it.
func waitFor(t *testing.T, cmd *exec.Cmd, path string, wanted func(*checkpoint.Checkpoint) bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		if state, err := checkpoint.Load(path); err == nil && wanted(state) {
			return
		}
		if time.Now().After(deadline) {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			t.Fatalf("no checkpoint %s as wanted within 30 seconds", path)
		}
	}
}

// writeConfig writes a config file and returns its path.
func writeConfig(t *testing.T, yaml string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.yaml")
	if err := os.WriteFile(path, []byte(yaml), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// mustRun runs the arguments and returns what went to stdout.
func mustRun(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), args, &out, io.Discard); err != nil {
		t.Fatalf("train %s: %v", strings.Join(args, " "), err)
	}
	return out.String()
}

// wantError runs the arguments and expects an error of one line with all the
// parts.
func wantError(t *testing.T, args []string, parts ...string) {
	t.Helper()
	err := run(context.Background(), args, io.Discard, io.Discard)
	if err == nil {
		t.Fatalf("train %s: no error, want %q", strings.Join(args, " "), parts)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("train %s:\ngot  %v\nwant %s", strings.Join(args, " "), err, part)
		}
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("more than one line: %q", err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
