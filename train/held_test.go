package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
)

// many has so many held-out faces that writing them takes a while.
var many = strings.Replace(tiny, "holdout: 0.3, people: 14, images: 3", "holdout: 0.8, people: 20, images: 8", 1)

// half is where the held-out faces lie until they are all there.
func half(run checkpoint.Run) string {
	return filepath.Join(run.Dir, "."+filepath.Base(run.Faces())+".tmp")
}

// TestStopWhileFacesAreWritten cancels there: one line, no half of a folder, and
// the same command works.
func TestStopWhileFacesAreWritten(t *testing.T) {
	run := checkpoint.Run{Dir: filepath.Join(t.TempDir(), "run")}
	args := []string{"--config", writeConfig(t, many), "--run", run.Dir, "--train.epochs", "1"}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(half(run)); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	err := dispatch(ctx, args, io.Discard, io.Discard)
	if !errors.Is(err, errNothingTrained) || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v", err)
	}
	for _, path := range []string{half(run), run.Faces()} {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is there", path)
		}
	}
	mustRun(t, args...)
}

// TestKillWhileFacesAreWritten kills there: a resume says what to do instead, and
// that works.
func TestKillWhileFacesAreWritten(t *testing.T) {
	run := checkpoint.Run{Dir: filepath.Join(t.TempDir(), "run")}
	args := []string{"--config", writeConfig(t, many), "--run", run.Dir, "--train.epochs", "1"}
	cmd := child(t, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		if _, err := os.Stat(half(run)); err == nil {
			break
		}
		if time.Now().After(deadline) {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
			t.Fatal("no faces within 30 seconds")
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // says that it was killed
	if _, err := os.Stat(run.Faces()); err == nil {
		t.Fatal("killed after the faces were written")
	}
	stray := filepath.Join(half(run), "Old", "Old_0001.png") // as of another seed
	if err := os.MkdirAll(filepath.Dir(stray), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stray, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	wantError(t, []string{"--resume", run.Dir}, "start a run with train --config FILE --run "+run.Dir)
	mustRun(t, args...)
	faces, err := filepath.Glob(filepath.Join(run.Faces(), "*", "*.png"))
	if err != nil || len(faces) != 128 {
		t.Errorf("%d faces, want 128 (%v)", len(faces), err)
	}
	if _, err := os.Stat(half(run)); err == nil {
		t.Error("the half of before is still there")
	}
}
