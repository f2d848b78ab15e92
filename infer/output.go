package main

import (
	"bufio"
	"errors"
	"io"
	"io/fs"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// printOut lets fill write a command's result and passes it on to standard output
// in larger pieces.
func printOut(stdout io.Writer, fill func(io.Writer) error) error {
	b := bufio.NewWriterSize(namedWriter{stdout}, 1<<16)
	err := fill(b)
	// What was complete before an error is still given out: a pipe's reader has seen
	// part of it anyway.
	if flushErr := b.Flush(); err == nil {
		err = flushErr
	}
	return err
}

// namedWriter is standard output, whose errors say so.
type namedWriter struct{ to io.Writer }

func (w namedWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	if err == nil {
		return n, nil
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return n, &fs.PathError{Op: "write", Path: "standard output", Err: atomicfile.Advise(err)}
}
