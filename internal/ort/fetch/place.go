package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// place copies a file to target, unless target has the same content already. The
// copy gets its name only when it is complete and on the disk.
func place(source, target string) (fresh bool, err error) {
	in, err := os.Open(source)
	if err != nil {
		return false, fmt.Errorf("fetch: %w", err)
	}
	defer in.Close()
	switch same, err := sameContent(in, target); {
	case err != nil:
		return false, fmt.Errorf("fetch: compare %s: %w", target, err)
	case same:
		return false, nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return false, fmt.Errorf("fetch: %w", atomicfile.Advise(err))
	}
	err = atomicfile.Write(target, func(w io.Writer) error {
		_, err := in.Seek(0, io.SeekStart)
		if err == nil {
			_, err = io.Copy(w, in)
		}
		return err
	})
	if err != nil {
		return false, fmt.Errorf("fetch: %w", err)
	}
	return true, nil
}

// sameContent says whether the file at path exists and has the bytes of in.
func sameContent(in *os.File, path string) (bool, error) {
	other, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer other.Close()
	a, err := in.Stat()
	if err != nil {
		return false, err
	}
	b, err := other.Stat()
	if err != nil {
		return false, err
	}
	if b.IsDir() {
		return false, errors.New("it is a directory: remove it")
	}
	if a.Size() != b.Size() {
		return false, nil
	}
	x, y := make([]byte, 1<<20), make([]byte, 1<<20)
	for {
		n, err := io.ReadFull(in, x)
		if err == io.EOF {
			return true, nil
		}
		if err != nil && err != io.ErrUnexpectedEOF {
			return false, err
		}
		if _, err := io.ReadFull(other, y[:n]); err != nil {
			return false, err
		}
		if !bytes.Equal(x[:n], y[:n]) {
			return false, nil
		}
	}
}
