package main

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
)

// TestCommandsAsCalled names the programs so that the shell which has called one
// finds both.
func TestCommandsAsCalled(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("paths of Unix")
	}
	called := os.Args[0]
	defer func() { os.Args[0] = called }()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ called, train, export string }{
		{"bin/train", "bin/train", "bin/export"},
		{"./train", "./train", "./export"},
		{"/opt/a b/train", "'/opt/a b/train'", "'/opt/a b/export'"},
		{"train", "train", filepath.Join(filepath.Dir(own), "export")}, // a bare export is the shell's own
		{"/tmp/go-build123/b001/exe/train", "go run ./train", "go run ./export"},
	} {
		os.Args[0] = tc.called
		if got := program(); got != tc.train {
			t.Errorf("called as %s: %s, want %s", tc.called, got, tc.train)
		}
		if got := sibling("export"); got != tc.export {
			t.Errorf("called as %s: %s, want %s", tc.called, got, tc.export)
		}
	}
	if got, want := quote("it's"), `'it'\''s'`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestNoResumeWithoutCheckpoint fails at the first save: there is nothing to
// resume, and the advice is another.
func TestNoResumeWithoutCheckpoint(t *testing.T) {
	run := checkpoint.Run{Dir: filepath.Join(t.TempDir(), "run")}
	s, err := open(t.Context(), mustParse(t, "--config", writeConfig(t, tiny), "--run", run.Dir), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	failed := os.ErrPermission
	if err := s.conclude(failed, options{}, io.Discard); strings.Contains(err.Error(), "--resume") || !strings.HasSuffix(err.Error(), "start again with: "+restartCommand(run, "")) {
		t.Errorf("without a checkpoint: %v", err)
	}
	if err := checkpoint.Save(run.Last(), s.trainer.Checkpoint()); err != nil {
		t.Fatal(err)
	}
	if err := s.conclude(failed, options{}, io.Discard); !strings.HasSuffix(err.Error(), "go on with: "+resumeCommand(run.Dir)) {
		t.Errorf("with a checkpoint: %v", err)
	}
}

func mustParse(t *testing.T, args ...string) options {
	t.Helper()
	o, err := parseTrain(args, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return o
}
