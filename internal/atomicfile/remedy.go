package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Advise adds to an error of writing a file what its user can do, where that is
// known and not said yet. [Write] and [WriteAt] have done it to their own errors;
// it is for programs that write in other ways as well.
func Advise(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*advised](err); ok {
		return err
	}
	for _, r := range remedies {
		if errors.Is(err, r.cause) {
			return &advised{err, r.text}
		}
	}
	return err
}

var remedies = []struct {
	cause error
	text  string
}{
	{syscall.ENOSPC, "free some space or write elsewhere"},
	{syscall.EDQUOT, "free some space or write elsewhere"},
	{syscall.EROFS, "write elsewhere"},
	{syscall.EIO, "check the disk or write elsewhere"},
	{fs.ErrPermission, "allow writing there or write elsewhere"},
	{fs.ErrExist, "what is there is no folder: move it or write elsewhere"},
	{syscall.ENOTDIR, "part of the path is a file: check the path"},
	{fs.ErrNotExist, "make the folder first"}, // what is written need not exist itself
}

// advised is an error with what to do about it.
type advised struct {
	err    error
	remedy string
}

func (a *advised) Error() string { return a.err.Error() + "; " + a.remedy }
func (a *advised) Unwrap() error { return a.err }

// Probe tells whether [Write] could begin at path: an error that a long
// computation should not find at its end. It leaves everything as it was.
func Probe(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return failed(path, errDirectory)
	case err == nil && !info.Mode().IsRegular():
		return nil // to open a pipe would wait for its reader
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return failed(path, err)
	}
	temporary := temporaryName(follow(path))
	f, err := disk(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return failed(path, err)
	}
	return failed(path, errors.Join(f.Close(), os.Remove(temporary)))
}
