package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// buffered lets fill write and passes it on in larger pieces; an error of the
// destination names it.
func buffered(name string, to io.Writer, fill func(io.Writer) error) error {
	b := bufio.NewWriterSize(&namedWriter{name, to}, 1<<16)
	err := fill(b)
	// What was complete before an error is still given out: a pipe's reader has seen
	// part of it anyway.
	if flushErr := b.Flush(); err == nil {
		err = flushErr
	}
	return err
}

// printOut writes a command's result to standard output.
func printOut(stdout io.Writer, fill func(io.Writer) error) error {
	return buffered("standard output", stdout, fill)
}

// namedWriter puts the name of the destination into errors.
type namedWriter struct {
	name string
	to   io.Writer
}

func (w *namedWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if err != nil {
		err = fmt.Errorf("%s: cannot be written: %w", w.name, cause(err))
	}
	return n, err
}

// writeFile replaces the file at path by what fill writes, or leaves it as it is:
// the new content gets the name only when it is complete and on the disk. What is
// no regular file, such as a pipe or a device, is written to directly.
func writeFile(path string, fill func(io.Writer) error) (err error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a directory: name a file in it", path)
	case err == nil && !info.Mode().IsRegular():
		return writeDevice(path, fill)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // a link stays one
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("%s: cannot be written: %w", path, cause(err))
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary.Name())
		}
	}()
	err = buffered(path, temporary, fill)
	if err == nil {
		err = temporary.Chmod(0o644)
	}
	if err == nil {
		err = temporary.Sync()
	}
	if err = errors.Join(err, temporary.Close()); err != nil {
		return err
	}
	if err = os.Rename(temporary.Name(), path); err != nil {
		return fmt.Errorf("%s: cannot be replaced: %w", path, cause(err))
	}
	return nil
}

func writeDevice(path string, fill func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(buffered(path, f, fill), f.Close())
}

// cause strips the operation and the path of a file error that is named otherwise.
func cause(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
