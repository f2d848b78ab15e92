package checkpoint

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestForeignFiles starts runs in directories that other programs use: a new run
// leaves them alone without --overwrite, and with it replaces no more than the
// names that it writes.
func TestForeignFiles(t *testing.T) {
	for _, name := range []string{
		"config.yaml", "metrics.csv", "accuracy.png", "loss.png", "validation-pairs.txt", "validation-faces/Ann/Ann_0001.png",
		"checkpoints/last.safetensors", "checkpoints/best.safetensors", "checkpoints/epoch-0003.safetensors",
		"checkpoints/model.pt", "checkpoints/.model.pt.tmp-0123456789abcdef", "checkpoints/more/last.safetensors",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, filepath.FromSlash(name))
			put(t, file, "mine")
			_, err := Create(dir, []byte("seed: 1\n"), false)
			if err == nil || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "name another directory with --run, or start over with --overwrite") {
				t.Fatalf("got %v", err)
			}
			if got, err := os.ReadFile(file); err != nil || string(got) != "mine" {
				t.Errorf("the file is now %q, %v", got, err)
			}
			assertFiles(t, dir, strings.Split(name, "/")[0])

			if _, err := Create(dir, []byte("seed: 1\n"), true); err != nil {
				t.Fatal(err)
			}
			_, err = os.Stat(file)
			foreign := filepath.Dir(name) != "." && !strings.HasPrefix(name, "validation-faces") && !isCheckpoint(filepath.Base(name)) || strings.Contains(name, "more")
			if foreign && err != nil {
				t.Errorf("--overwrite has removed it: %v", err)
			}
			if !foreign && name != "config.yaml" && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("--overwrite has left it: %v", err)
			}
		})
	}
}

// TestCutOffRun starts anew where a run ended before its first checkpoint, but not
// where only the checkpoints are gone.
func TestCutOffRun(t *testing.T) {
	dir := t.TempDir()
	r, err := Create(dir, []byte("seed: 1\n"), false)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(filepath.Dir(r.Last()), ".last.safetensors.tmp-0123456789abcdef"), "half")
	put(t, r.Metrics(), "epoch,step\n")
	put(t, r.Pairs(), "2\t1\n")
	put(t, filepath.Join(r.Faces(), "Ann", "Ann_0001.png"), "of another seed")
	if _, err := Create(dir, []byte("seed: 2\n"), false); err != nil {
		t.Fatal(err)
	}
	assertFiles(t, dir, ".train.lock", "checkpoints", "config.yaml")
	assertFiles(t, filepath.Dir(r.Last()))

	put(t, r.Metrics(), "epoch,step\n1,5\n")
	if err := Vacant(dir); err == nil || !strings.Contains(err.Error(), "metrics.csv holds the results of a run already") {
		t.Errorf("results without checkpoints: %v", err)
	}
	put(t, r.Best(), "best")
	if err := Vacant(dir); err == nil || !strings.Contains(err.Error(), "best.safetensors is there already") {
		t.Errorf("a best checkpoint: %v", err)
	}
	put(t, r.Last(), "last")
	put(t, filepath.Join(r.Faces(), "Ann", "notes.txt"), "mine")
	if _, err := Create(dir, nil, true); err == nil || !strings.Contains(err.Error(), "notes.txt is none of its files; move it elsewhere") {
		t.Errorf("notes among the faces: %v", err)
	}
	for _, path := range []string{r.Last(), r.Best(), r.Metrics()} {
		if !exists(path) {
			t.Errorf("%s is gone after an error", path)
		}
	}
}
