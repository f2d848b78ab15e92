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

// NoFace is the path of the list of photos in which no face was found.
func (r Run) NoFace() string { return filepath.Join(r.Dir, "no-face.txt") }

// PoorFaces is the path of the list of photos whose face is small, blurred or
// doubtful.
func (r Run) PoorFaces() string { return filepath.Join(r.Dir, "poor-faces.txt") }

// Model is the path of the exported model, unless it is told another.
func (r Run) Model() string { return filepath.Join(r.Dir, "model.onnx") }

// Faces is the folder of the held-out faces, where the run made them itself.
func (r Run) Faces() string { return filepath.Join(r.Dir, "validation-faces") }

const checkpoints = "checkpoints"

// Create makes the directory of a new run and saves the resolved config in it. A
// directory that is not vacant is an error, unless overwrite is set: then the run
// in it is removed, with the model that was exported from it. Nothing is removed
// but what a run writes. The caller holds the run's [Lock].
func Create(dir string, config []byte, overwrite bool) (Run, error) {
	r := Run{dir}
	if !overwrite {
		if err := Vacant(dir); err != nil {
			return Run{}, err
		}
	}
	if err := r.remove(overwrite); err != nil {
		return Run{}, fmt.Errorf("checkpoint: remove the run in %s: %w", dir, atomicfile.Advise(err))
	}
	err := os.MkdirAll(filepath.Join(dir, checkpoints), 0o755)
	if err == nil {
		err = r.claim()
	}
	if err != nil {
		return Run{}, fmt.Errorf("checkpoint: make the run directory: %w", atomicfile.Advise(err))
	}
	return r, r.Open(config)
}

// Open makes the directory ready for a run that begins or goes on: it removes
// the temporary files that a killed process has left in it, and saves the
// resolved config. The caller holds the run's [Lock].
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

// removeStale leaves what other programs are writing, such as export.
func (r Run) removeStale() error {
	if err := atomicfile.RemoveStale(filepath.Join(r.Dir, checkpoints), 0, isCheckpoint); err != nil {
		return err
	}
	own := func(name string) bool { return slices.Contains(r.files(), filepath.Join(r.Dir, name)) }
	return atomicfile.RemoveStale(r.Dir, 0, own)
}

// Find returns the checkpoint that a user means by path: the file itself, or
// the last checkpoint of a run directory.
func Find(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", unreadable(path, err)
	}
	if !info.IsDir() {
		return path, nil
	}
	last := Run{path}.Last()
	if _, err := os.Stat(last); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("checkpoint: %s is no run directory: it has no %s; name one that train has saved to, or start a run with train --config FILE --run %s", path, filepath.Join(checkpoints, "last.safetensors"), path)
	} else if err != nil {
		return "", unreadable(last, err)
	}
	return last, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
