package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
)

// follow does what an error's last words say until the run is done, and returns
// the errors on the way.
func follow(t *testing.T, args []string) (errs []string) {
	t.Helper()
	for range 12 { // each lowers the rate to a quarter
		err := run(context.Background(), args, io.Discard, io.Discard)
		if err == nil {
			return errs
		}
		errs = append(errs, err.Error())
		_, advice, ok := strings.Cut(err.Error(), ": "+program()+" ")
		if before, after, copies := strings.Cut(err.Error(), ": cp "); copies {
			paths, rest, found := strings.Cut(after, " && "+program()+" ")
			if !found {
				t.Fatalf("no command after the copy: %s", before)
			}
			from, to, _ := strings.Cut(paths, " ")
			if err := os.WriteFile(to, []byte(read(t, from)), 0o644); err != nil {
				t.Fatal(err)
			}
			advice, ok = rest, true
		}
		if !ok || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "--solver.clip_norm") {
			t.Fatalf("no advice in %v", err)
		}
		args = strings.Fields(advice)
	}
	t.Fatalf("the advice does not train:\n%s", strings.Join(errs, "\n"))
	return nil
}

// TestDivergence drives the rate far too high, with every state saved: the last
// one has blown up, and no rate goes on from it.
func TestDivergence(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	file := writeConfig(t, tiny)
	errs := follow(t, []string{
		"--config", file, "--run", dir, "--validation.every", "0",
		"--solver.rate", "1000", "--solver.warmup", "0", "--head.kind", "softmax", "--train.epochs", "3",
	})
	config := checkpoint.Run{Dir: dir}.Config()
	want := "is not finite"
	if len(errs) == 0 || !strings.Contains(errs[0], want) {
		t.Fatalf("%q, want %s", errs, want)
	}
	if want := program() + " --config " + config + " --run " + dir + " --overwrite --solver.rate 250"; !strings.HasSuffix(errs[0], want) {
		t.Errorf("%q, want %s", errs[0], want)
	}
	state, err := checkpoint.Load(checkpoint.Run{Dir: dir}.Last())
	if err != nil || state.Epoch != 3 {
		t.Errorf("after %q the run is not done: %v", errs, err)
	}
}

// TestDivergenceAfterGoodEpochs goes back to the best state of a run that was
// resumed with a rate that is far too high, and to the last one if that is good.
func TestDivergenceAfterGoodEpochs(t *testing.T) {
	for steps, want := range map[string]string{"1": "Go back to the best: cp ", "0": "the last good state is kept: "} {
		dir := filepath.Join(t.TempDir(), "run")
		run := checkpoint.Run{Dir: dir}
		mustRun(t, "--config", writeConfig(t, tiny), "--run", dir, "--head.kind", "softmax", "--train.epochs", "1")
		errs := follow(t, []string{"--resume", dir, "--checkpoint.steps", steps, "--train.epochs", "2", "--solver.rate", "1000"})
		if len(errs) == 0 || !strings.Contains(errs[0], want) {
			t.Errorf("saved every %s steps: %q, want %s", steps, errs, want)
		}
		if state, err := checkpoint.Load(run.Last()); err != nil || state.Epoch != 2 {
			t.Errorf("after %q the run is not done: %v", errs, err)
		}
	}
}
