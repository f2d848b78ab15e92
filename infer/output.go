package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"regexp"
	"slices"

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

// printResult prints a result as JSON or for people.
func printResult(stdout io.Writer, asJSON bool, result any, text string) error {
	return printOut(stdout, func(to io.Writer) error {
		if !asJSON {
			_, err := io.WriteString(to, text)
			return err
		}
		var data bytes.Buffer
		encoder := json.NewEncoder(&data)
		encoder.SetEscapeHTML(false) // paths stay readable
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(result); err != nil {
			return err
		}
		_, err := to.Write(numberLists.ReplaceAllFunc(data.Bytes(), joinLines))
		return err
	})
}

// numberLists are the lists of nothing but numbers in indented JSON. No text holds
// such a thing, as a line break is escaped there.
var numberLists = regexp.MustCompile(`\[\n[-+.,\s\deE]*\]`)

// joinLines puts a list of numbers, such as a point, on one line.
func joinLines(list []byte) []byte {
	numbers := bytes.Fields(bytes.Trim(list, "[]"))
	return slices.Concat([]byte("["), bytes.Join(numbers, []byte(" ")), []byte("]"))
}
