package checkpoint

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// WriteFile replaces the file at path by what write writes. Whatever goes
// wrong, path holds either the whole of the new file or what it held before:
// the new file is written beside it, synced, and renamed over it.
func WriteFile(path string, write func(io.Writer) error) error {
	return replace(path, write, func(temp string) (file, error) {
		return os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	})
}

// file is what replace needs of an *os.File; tests put a full disk in its
// place.
type file interface {
	io.WriteCloser
	Sync() error
}

func replace(path string, write func(io.Writer) error, create func(temp string) (file, error)) error {
	fail := func(err error) error {
		return fmt.Errorf("checkpoint: write %s: %w", path, plain(err))
	}
	dir, name := filepath.Split(path)
	// One fixed name: what a crash leaves behind is overwritten by the next try.
	temp := filepath.Join(dir, "."+name+".tmp")
	f, err := create(temp)
	if err != nil {
		return fail(err)
	}
	buffered := bufio.NewWriterSize(f, 1<<18)
	err = write(buffered)
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		// The first error is the one to tell; a temporary file that cannot be
		// removed either does no harm.
		_ = os.Remove(temp)
		return fail(err)
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return fail(err)
	}
	return nil
}

// syncDir makes a rename survive a power failure. Windows has no such call.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return err
}

// plain drops the path that os errors carry; the caller names the file that
// the user knows.
func plain(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	var le *os.LinkError
	if errors.As(err, &le) {
		return le.Err
	}
	return err
}
