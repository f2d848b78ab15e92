package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/readfile"
)

// Vacant returns an error if a new run in the directory would replace anything
// worth keeping: a checkpoint, results, or files of the names that a run writes
// which are not a run's. A run that ended before its first checkpoint has nothing
// to lose and does not count; nor do files of other names.
func Vacant(dir string) error {
	r := Run{dir}
	const remedy = "name another directory with --run, or start over with --overwrite"
	if exists(r.Last()) {
		return fmt.Errorf("checkpoint: %s holds a run already: go on with --resume %s, %s", dir, dir, remedy)
	}
	folder := filepath.Join(dir, checkpoints)
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("checkpoint: %w", atomicfile.Advise(err))
	}
	for _, e := range entries {
		if name, ok := atomicfile.TemporaryOf(e.Name()); !ok || !isCheckpoint(name) {
			return fmt.Errorf("checkpoint: %s is there already; %s, which replaces last, best and epoch-NNNN.safetensors and nothing else in that folder", filepath.Join(folder, e.Name()), remedy)
		}
	}
	if r.claimed() {
		if r.hasRows() {
			return fmt.Errorf("checkpoint: %s holds the results of a run already; %s", r.Metrics(), remedy)
		}
		return nil
	}
	for _, path := range append(r.files(), r.Faces()) {
		if exists(path) {
			return fmt.Errorf("checkpoint: %s is there already, and no run has written it; %s, which replaces it", path, remedy)
		}
	}
	return nil
}

// hasRows reports whether the table has more than its header, or may have.
func (r Run) hasRows() bool {
	data, err := readfile.AtMost(r.Metrics(), 1<<28)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	return err != nil || strings.Count(string(data), "\n") > 1
}

// files are those that training writes into the directory, in no folder of it.
func (r Run) files() []string {
	return []string{r.Config(), r.Metrics(), r.AccuracyPlot(), r.LossPlot(), r.Pairs(), r.NoFace(), r.PoorFaces()}
}

var epochName = regexp.MustCompile(`^epoch-\d{4,}\.safetensors$`)

// isCheckpoint reports whether a run writes a file of this name among its
// checkpoints.
func isCheckpoint(name string) bool {
	return slices.Contains([]string{filepath.Base(Run{}.Last()), filepath.Base(Run{}.Best())}, name) || epochName.MatchString(name)
}

// remove removes what a run has written, and the model exported from it if asked
// to. The last checkpoint is the last to go: until then the directory is no new
// run's without --overwrite. The config stays until the new one replaces it: it may be
// the only copy of the settings that the run is started over with.
func (r Run) remove(model bool) error {
	if err := r.removeFaces(); err != nil {
		return err
	}
	paths := slices.DeleteFunc(r.files(), func(path string) bool { return path == r.Config() })
	if model {
		paths = append(paths, r.Model())
	}
	folder := filepath.Join(r.Dir, checkpoints)
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if path := filepath.Join(folder, e.Name()); isCheckpoint(e.Name()) && path != r.Last() {
			paths = append(paths, path)
		}
	}
	for _, path := range append(paths, r.Last()) {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// removeFaces removes the held-out faces NAME/NAME_0001.png, …, unless there is
// anything else among them.
func (r Run) removeFaces() error {
	err := filepath.WalkDir(r.Faces(), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		person, file := filepath.Split(path)
		number, ok := strings.CutPrefix(file, filepath.Base(person)+"_")
		if !ok || !faceNumber.MatchString(number) {
			return fmt.Errorf("%s is none of its files; move it elsewhere", path)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.RemoveAll(r.Faces())
}

var faceNumber = regexp.MustCompile(`^\d{4,}\.png$`)
