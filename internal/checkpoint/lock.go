package checkpoint

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// lockName is the file that a process locks while it writes to a run. It stays
// in the directory: to remove it would let two processes lock two files of one
// name. It holds a line of text once the directory is a run's, and tells so the
// files of a run that was cut off from those of other programs.
const (
	lockName = ".train.lock"
	lockText = "train locks this file while it writes to the run in this directory\n"
)

var errLocked = errors.New("another train is writing to it")

// Lock is the right of one process to write to a run directory. The system takes
// it back when the process ends, however it ends.
type Lock struct{ file *os.File }

// Lock makes the run's directory if there is none and takes the right to write to
// it, which no other process has: otherwise it is an error at once.
func (r Run) Lock() (*Lock, error) {
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("checkpoint: make the run directory: %w", atomicfile.Advise(err))
	}
	f, err := os.OpenFile(r.lock(), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, fmt.Errorf("checkpoint: %w", atomicfile.Advise(err))
	}
	if err := lock(f); err != nil {
		_ = f.Close()
		if errors.Is(err, errLocked) {
			return nil, fmt.Errorf("checkpoint: another train is writing to %s; wait for it or stop it, or name another directory with --run", r.Dir)
		}
		return nil, fmt.Errorf("checkpoint: lock %s: %w", f.Name(), err)
	}
	return &Lock{f}, nil
}

// Release gives the right back.
func (l *Lock) Release() error { return l.file.Close() }

func (r Run) lock() string { return filepath.Join(r.Dir, lockName) }

// claim notes that the directory is a run's.
func (r Run) claim() error {
	if r.claimed() {
		return nil
	}
	return os.WriteFile(r.lock(), []byte(lockText), 0o644)
}

// claimed reports whether the directory was a run's before.
func (r Run) claimed() bool {
	info, err := os.Stat(r.lock())
	return err == nil && info.Size() > 0
}
