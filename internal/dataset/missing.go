package dataset

import (
	"fmt"
	"io/fs"

	"github.com/sphereface-go/sphereface/internal/readfile"
)

// missing says in its own words that a file is not there; for errors.Is it is
// fs.ErrNotExist.
type missing string

func (m missing) Error() string        { return string(m) }
func (m missing) Is(target error) bool { return target == fs.ErrNotExist }

// unreadable is the error of a file or folder that is there.
func unreadable(path string, err error) error {
	return fmt.Errorf("dataset: %s: cannot be read: %w; check the path and its permissions", path, readfile.Plain(err))
}
