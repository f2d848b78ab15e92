package dataset

import (
	"errors"
	"fmt"
	"io/fs"
)

// missing says in its own words that a file is not there; for errors.Is it is
// fs.ErrNotExist.
type missing string

func (m missing) Error() string        { return string(m) }
func (m missing) Is(target error) bool { return target == fs.ErrNotExist }

// unreadable is the error of a file or folder that is there.
func unreadable(path string, err error) error {
	return fmt.Errorf("dataset: %s: cannot be read: %w; check the path and its permissions", path, plain(err))
}

// plain drops the operation and the path that errors of files carry, where the
// message names the path already.
func plain(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
