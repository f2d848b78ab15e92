// Package readfile reads files of bounded size: a name that a user gives may be that of
// anything, also of a device that never ends.
package readfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// AtMost reads a file that has no more bytes than that. The errors name the file: of one
// that is longer it is a [*TooLongError], of others an [*fs.PathError].
func AtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return All(f, path, most)
}

// All is AtMost for what is open already. The name stands in errors.
func All(r io.Reader, name string, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > most {
		return nil, &TooLongError{Name: name, Most: most}
	}
	return data, nil
}

// TooLongError says that a file is longer than any of its kind.
type TooLongError struct {
	Name string
	Most int64 // bytes
}

func (e *TooLongError) Error() string { return e.Name + ": " + e.plain() }

func (e *TooLongError) plain() string {
	return fmt.Sprintf("is longer than %d bytes, which none of its kind is; check the path", e.Most)
}

// Plain drops the operation and the path that errors of files carry, for a message that
// names the path already.
func Plain(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*TooLongError](err); ok {
		return errors.New(e.plain())
	}
	return err
}
