package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// Run is the directory of one training run.
type Run struct{ Dir string }

// Config is the path of the resolved config.
func (r Run) Config() string { return filepath.Join(r.Dir, "config.yaml") }

// Last is the path of the checkpoint to go on from.
func (r Run) Last() string { return filepath.Join(r.Dir, checkpoints, "last.safetensors") }

// Best is the path of the checkpoint with the highest validation accuracy.
func (r Run) Best() string { return filepath.Join(r.Dir, checkpoints, "best.safetensors") }

// Epoch is the path of the checkpoint that is kept after so many epochs.
func (r Run) Epoch(epochs int) string {
	return filepath.Join(r.Dir, checkpoints, fmt.Sprintf("epoch-%04d.safetensors", epochs))
}

// Metrics is the path of the table with one row an epoch.
func (r Run) Metrics() string { return filepath.Join(r.Dir, "metrics.csv") }

// AccuracyPlot is the path of the figure of accuracy by epoch.
func (r Run) AccuracyPlot() string { return filepath.Join(r.Dir, "accuracy.png") }

// LossPlot is the path of the figure of loss by epoch.
func (r Run) LossPlot() string { return filepath.Join(r.Dir, "loss.png") }

// Pairs is the path of the list of validation pairs.
func (r Run) Pairs() string { return filepath.Join(r.Dir, "validation-pairs.txt") }

// Model is the path of the exported model, unless it is told another.
func (r Run) Model() string { return filepath.Join(r.Dir, "model.onnx") }

// Faces is the folder of the held-out faces, where the run made them itself.
func (r Run) Faces() string { return filepath.Join(r.Dir, "validation-faces") }

const checkpoints = "checkpoints"

// Create makes the directory of a new run and saves the resolved config in it.
// A directory that holds a run already is an error, unless overwrite is set:
// then that run is removed, with the model that was exported from it, and nothing
// else in the directory.
func Create(dir string, config []byte, overwrite bool) (Run, error) {
	r := Run{dir}
	if err := Vacant(dir); err != nil && !overwrite {
		return Run{}, err
	}
	if r.begun() {
		old := append(r.files(), filepath.Join(dir, checkpoints), r.Faces())
		if overwrite {
			old = append(old, r.Model())
		}
		if err := remove(old); err != nil {
			return Run{}, fmt.Errorf("checkpoint: remove the run in %s: %w", dir, err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, checkpoints), 0o755); err != nil {
		return Run{}, fmt.Errorf("checkpoint: make the run directory: %w", err)
	}
	return r, r.Open(config)
}

// Open makes the directory ready for a run that begins or goes on: it removes
// the temporary files that a killed process has left in it, and saves the
// resolved config. No other process may be writing to the run.
func (r Run) Open(config []byte) error {
	if err := r.removeStale(); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	err := atomicfile.Write(r.Config(), func(w io.Writer) error {
		_, err := w.Write(config)
		return err
	})
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

func (r Run) removeStale() error {
	all := func(string) bool { return true }
	if err := atomicfile.RemoveStale(filepath.Join(r.Dir, checkpoints), 0, all); err != nil {
		return err
	}
	// In the directory itself other programs may be writing, such as export.
	own := func(name string) bool { return slices.Contains(r.files(), filepath.Join(r.Dir, name)) }
	return atomicfile.RemoveStale(r.Dir, 0, own)
}

// Vacant returns an error if the directory holds a run already. A run that
// ended before its first checkpoint has nothing to lose and does not count.
func Vacant(dir string) error {
	r := Run{dir}
	config, folder := exists(r.Config()), exists(filepath.Join(dir, checkpoints))
	if !config && !folder || config && folder && !exists(r.Last()) {
		return nil
	}
	return fmt.Errorf("checkpoint: %s holds a run already: go on with --resume %s, name another directory with --run, or start over with --overwrite", dir, dir)
}

// begun reports whether there is anything of a run in the directory.
func (r Run) begun() bool {
	return exists(r.Config()) || exists(filepath.Join(r.Dir, checkpoints))
}

// files are those that training writes into the directory, in no folder of it.
func (r Run) files() []string {
	return []string{r.Config(), r.Metrics(), r.AccuracyPlot(), r.LossPlot(), r.Pairs()}
}

func remove(paths []string) error {
	for _, path := range paths {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// Find returns the checkpoint that a user means by path: the file itself, or
// the last checkpoint of a run directory.
func Find(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("checkpoint: %s: cannot be read: %w", path, plain(err))
	}
	if !info.IsDir() {
		return path, nil
	}
	last := Run{path}.Last()
	if _, err := os.Stat(last); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("checkpoint: %s is no run directory: it has no %s", path, filepath.Join(checkpoints, "last.safetensors"))
	} else if err != nil {
		return "", fmt.Errorf("checkpoint: %s: cannot be read: %w", last, plain(err))
	}
	return last, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
