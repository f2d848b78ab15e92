package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/trainer"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// TestRunDirectory trains, and measures the held-out pairs again from the
// files of the run: the figures are those of the training, to the last digit.
func TestRunDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	out := mustRun(t, "--config", writeConfig(t, tiny), "--run", dir)
	r := checkpoint.Run{Dir: dir}
	for _, want := range []string{"validation accuracy", "on 12 pairs", r.Last(), "Next: " + filepath.Join(filepath.Dir(os.Args[0]), "export") + " " + dir} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in %q", want, out)
		}
	}
	for _, path := range []string{r.Best(), r.Metrics(), r.AccuracyPlot(), r.LossPlot()} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	state, err := checkpoint.Load(r.Last())
	if err != nil {
		t.Fatal(err)
	}
	if state.Epoch != 2 || state.Step != 10 || state.Classes != 10 || state.Images != 30 || state.Data != "synthetic faces" {
		t.Errorf("%+v", state)
	}
	if got := read(t, r.Config()); got != string(state.Config) {
		t.Errorf("config.yaml differs from the config of the checkpoint:\n%s", got)
	}
	if _, err := config.Parse("saved", state.Config, nil); err != nil {
		t.Error(err)
	}

	var again verification.Result
	text := mustRun(t, "eval", "--run", dir, "--pairs", r.Pairs(), "--images", r.Faces(), "--json")
	if err := json.Unmarshal([]byte(text), &again); err != nil {
		t.Fatal(err)
	}
	v := state.Validation
	if again.Accuracy != v.Accuracy || again.Threshold != v.Threshold || again.AUC != v.AUC || again.Pairs != v.Pairs {
		t.Errorf("eval: %+v\ntraining: %+v", again, v.Result)
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	err = run(stopped, []string{"eval", "--run", dir, "--pairs", r.Pairs(), "--images", r.Faces()}, io.Discard, io.Discard)
	if err == nil || err.Error() != "stopped before there was a result" {
		t.Errorf("eval after Ctrl-C: %v", err)
	}
	if text := mustRun(t, "eval", "--run", r.Best(), "--pairs", r.Pairs(), "--images", r.Faces()); !strings.Contains(text, "accuracy ") {
		t.Errorf("eval of a checkpoint file: %s", text)
	}

	if out := mustRun(t, "--resume", dir); !strings.Contains(out, "has done all its 2 epochs") {
		t.Errorf("resume of a finished run: %s", out)
	}
	if out := mustRun(t, "--resume", dir, "--train.epochs", "3"); !strings.Contains(out, "done: ") {
		t.Errorf("one epoch more: %s", out)
	}
}

func TestUsageErrors(t *testing.T) {
	file := writeConfig(t, tiny)
	for _, tc := range []struct {
		args  []string
		parts []string
	}{
		{nil, []string{"--config FILE", "--resume DIR"}},
		{[]string{"--config", file, "--resume", "x"}, []string{"give one of them"}},
		{[]string{"--resume", "x", "--init", "m.onnx"}, []string{"--init is for a new run"}},
		{[]string{"--resume", "x", "--overwrite"}, []string{"--overwrite is for a new run"}},
		{[]string{"--config", file, "extra"}, []string{`unknown argument "extra"`}},
		{[]string{"tran"}, []string{`unknown command "tran"`}},
		{[]string{"--config", file, "--solver.rat", "1"}, []string{"unknown flag: --solver.rat"}},
		{[]string{"--config", file, "--solver.rate", "-1"}, []string{"--solver.rate", "must be a number above 0"}},
		{[]string{"eval"}, []string{"eval needs --run"}},
		{[]string{"eval", "--run", "x", "--pairs", "p", "--images", "i", "--folds", "-1"}, []string{"--folds -1: give 0"}},
		{[]string{"eval", "--run", "x", "--pairs", "p", "--images", "i", "--threads", "100000000"}, []string{"--threads 100000000: give 0 for one a core, or up to 1024"}},
		{[]string{"", "--version"}, []string{`unknown command ""`}},
		{[]string{"data", "--root", ""}, []string{"--root must name the folder"}},
	} {
		wantError(t, tc.args, tc.parts...)
	}
}

func TestHelpAndVersion(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"help"}, {"eval", "--help"}, {"data", "-h"}} {
		if out := mustRun(t, args...); !strings.Contains(out, "Usage:\n  train") {
			t.Errorf("%v: %s", args, out)
		}
	}
	help := mustRun(t, "--help")
	settings := newFlagSet("settings")
	config.Register(settings)
	if usages := settings.FlagUsages(); usages == "" || !strings.Contains(help, usages) {
		t.Error("--help does not explain the settings")
	}
	out := mustRun(t, "--version")
	for _, want := range []string{"train ", kernel.Level() + " kernels (this processor has portable", kernel.Variable, "products of bf16", " threads; --threads=N"} {
		if !strings.Contains(out, want) {
			t.Errorf("--version prints\n%s, want %s", out, want)
		}
	}
}

// TestBadInput expects one line and no run directory.
func TestBadInput(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	typo := writeConfig(t, strings.Replace(tiny, "rate:", "rat:", 1))
	good := writeConfig(t, tiny)
	missing := filepath.Join(t.TempDir(), "nowhere")
	text := filepath.Join(t.TempDir(), "text.onnx")
	if err := os.WriteFile(text, []byte("this is no model"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args  []string
		parts []string
	}{
		{[]string{"--config", typo}, []string{typo + ":8: key solver.rat: unknown key (did you mean \"rate\"?)"}},
		{[]string{"--config", missing}, []string{missing, "no such file"}},
		{[]string{"--config", good, "--data.source", "lfw"}, []string{"data.root", "must name the folder"}},
		{[]string{"--config", good, "--data.source", "lfw", "--data.root", missing}, []string{missing}},
		{[]string{"--config", good, "--data.source", "folder", "--data.root", missing}, []string{missing}},
		{[]string{"--config", good, "--train.batch", "31"}, []string{"batch of 31 images is more than the 30 images"}},
		{[]string{"--config", good, "--data.people", "3"}, []string{"3 people are too few to hold some out"}},
		{[]string{"--config", good, "--init", missing}, []string{"--init", missing}},
		{[]string{"--config", good, "--init", text}, []string{"--init " + text}},
		{[]string{"eval", "--run", missing, "--pairs", good, "--images", "x"}, []string{missing, "no such file"}},
		{[]string{"data", "--root", missing}, []string{missing}},
	} {
		args := tc.args
		if strings.HasPrefix(args[0], "-") {
			args = append([]string{"--run", dir}, args...)
		}
		wantError(t, args, tc.parts...)
		if _, err := os.Stat(dir); err == nil {
			t.Fatalf("%v left a run directory behind", tc.args)
		}
	}
}

func TestRunDirectoryIsTaken(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	file := writeConfig(t, tiny)
	mustRun(t, "--config", file, "--run", dir, "--train.epochs", "1")
	before := read(t, checkpoint.Run{Dir: dir}.Last())
	wantError(t, []string{"--config", file, "--run", dir}, dir+" holds a run already", "--resume "+dir, "--overwrite")
	if read(t, checkpoint.Run{Dir: dir}.Last()) != before {
		t.Error("the run that was there is changed")
	}
	mustRun(t, "--config", file, "--run", dir, "--train.epochs", "1", "--overwrite", "--seed", "8")
	if read(t, checkpoint.Run{Dir: dir}.Last()) == before {
		t.Error("--overwrite did not start over")
	}
}

func TestResumeErrors(t *testing.T) {
	file := writeConfig(t, tiny)
	dir := filepath.Join(t.TempDir(), "run")
	mustRun(t, "--config", file, "--run", dir, "--train.epochs", "1")
	last := checkpoint.Run{Dir: dir}.Last()
	whole := read(t, last)
	wide := filepath.Join(t.TempDir(), "wide")
	mustRun(t, "--config", file, "--run", wide, "--train.epochs", "1", "--network.width", "0.125")

	wantError(t, []string{"--resume", t.TempDir()}, "is no run directory")
	wantError(t, []string{"--resume", last}, "--resume takes a run directory")

	// What cannot be gone on with changes nothing.
	two := filepath.Join(t.TempDir(), "two")
	mustRun(t, "--config", file, "--run", two)
	before := read(t, checkpoint.Run{Dir: two}.Config())
	wantError(t, []string{"--resume", two, "--train.epochs", "1"}, "train.epochs is 1, and "+two+" has done 2 already; give at least as many with --train.epochs")
	if err := os.WriteFile(checkpoint.Run{Dir: two}.Metrics(), []byte("no table\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	wantError(t, []string{"--resume", two, "--train.epochs", "3"}, "metrics.csv:1: the header is not that of a metrics file", "bring the file back; or move it away")
	if read(t, checkpoint.Run{Dir: two}.Config()) != before {
		t.Error("the config is another one")
	}
	wantError(t, []string{"--resume", dir, "--network.width", "1"}, "--network.width cannot change when a run is resumed")

	put := func(data string) {
		if err := os.WriteFile(last, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(whole[:len(whole)/2])
	wantError(t, []string{"--resume", dir}, last+": cut short: ")
	put("")
	wantError(t, []string{"--resume", dir}, last+": cut short: ")
	put(read(t, checkpoint.Run{Dir: wide}.Last()))
	wantError(t, []string{"--resume", dir}, last, "tensor conv1_weight has the shape [8 3 3 3], want [4 3 3 3]: a checkpoint of another network")
	if err := os.Remove(checkpoint.Run{Dir: dir}.Config()); err != nil {
		t.Fatal(err)
	}
	wantError(t, []string{"--resume", dir}, "the run's config cannot be read", "--config FILE --run "+dir+" --overwrite")
	for _, junk := range []string{"", " \n", "\x00\x01\x02", "\xff\xfe"} {
		if err := os.WriteFile(checkpoint.Run{Dir: dir}.Config(), []byte(junk), 0o644); err != nil {
			t.Fatal(err)
		}
		wantError(t, []string{"--resume", dir}, "config.yaml is damaged: it holds no settings", "--config FILE --run "+dir+" --overwrite")
	}
}

// TestKill ends a process with SIGKILL in the middle of an epoch and resumes:
// the final checkpoint has the bytes of a run that was left alone, whenever
// the kill came.
func TestKill(t *testing.T) {
	// Epochs enough that the kill comes before the last.
	args := []string{"--config", writeConfig(t, tiny), "--train.epochs", "5", "--validation.every", "5", "--run"}
	alone := filepath.Join(t.TempDir(), "alone")
	mustRun(t, append(args, alone)...)

	dir := filepath.Join(t.TempDir(), "killed")
	last := checkpoint.Run{Dir: dir}.Last()
	cmd := child(t, append(args, dir)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, cmd, last, func(c *checkpoint.Checkpoint) bool { return c.Batch > 0 })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
		t.Fatalf("the process was not killed but ended by itself: %v", err)
	}
	state, err := checkpoint.Load(last)
	if err != nil {
		t.Fatal(err)
	}
	if state.Epoch >= 5 {
		t.Fatalf("killed after epoch %d, the run was done", state.Epoch)
	}
	t.Logf("killed at batch %d of epoch %d", state.Batch, state.Epoch+1)
	mustRun(t, "--resume", dir)
	if read(t, last) != read(t, checkpoint.Run{Dir: alone}.Last()) {
		t.Error("the final checkpoint differs from that of a run left alone")
	}
}

// TestInterrupt sends the signals of Ctrl-C, and of a terminal that is closed: the process
// saves, says how to go on, and exits with 130.
func TestInterrupt(t *testing.T) {
	for _, sent := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		t.Run(sent.String(), func(t *testing.T) {
			if sent == syscall.SIGHUP && signal.Ignored(sent) {
				t.Skip("it is ignored, as under nohup, and so by the child")
			}
			dir := filepath.Join(t.TempDir(), "run")
			last := checkpoint.Run{Dir: dir}.Last()
			var said strings.Builder
			cmd := child(t, "--config", writeConfig(t, tiny), "--run", dir, "--train.epochs", "1000")
			cmd.Stdout, cmd.Stderr = io.Discard, &said
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			waitFor(t, cmd, last, func(c *checkpoint.Checkpoint) bool { return c.Step > 0 })
			if err := cmd.Process.Signal(sent); err != nil {
				_ = cmd.Process.Kill()
				t.Fatal(err)
			}
			if sent == syscall.SIGHUP { // comes twice, from the shell and from the system
				time.Sleep(time.Millisecond)
				_ = cmd.Process.Signal(sent) // it may have ended
			}
			_ = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
			if want := trainer.ErrStopped.Error() + "; everything is saved. Go on with: train --resume " + dir; !strings.Contains(said.String(), want) {
				t.Errorf("got %q, want %q", said.String(), want)
			}
			if _, err := checkpoint.Load(last); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestClosedPipe reads no more than the first bytes of what a run says.
func TestClosedPipe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	cmd := child(t, "--config", writeConfig(t, tiny), "--run", dir)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = w, w
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = w.Close() // the child's is left
	if _, err := r.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
	_ = r.Close()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	if state, err := checkpoint.Load(checkpoint.Run{Dir: dir}.Last()); err != nil || state.Epoch != 2 {
		t.Errorf("%v, %v; want both epochs done", state, err)
	}
}
