package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sphereface-go/sphereface/internal/readfile"
	"github.com/sphereface-go/sphereface/models/lfw"
)

// defaultModel is the file that is taken when none is named, modelVariable the
// environment variable that names one, and builtIn the name of the model that is
// taken when there is no such file.
const (
	defaultModel  = "model.onnx"
	modelVariable = "SPHEREFACE_MODEL"
	builtIn       = "built-in"
)

// maxModel bounds the bytes of a model, as protobuf does.
const maxModel = 1<<31 - 1

// modelFile is a model that is there: a file, or the one in this program.
type modelFile struct {
	path    string // or builtIn
	data    []byte // of the one in this program, else nil
	unasked bool   // for: there was no other
}

func builtInModel() modelFile { return modelFile{path: builtIn, data: lfw.Model()} }

// read gives the bytes of the .onnx file.
func (f modelFile) read() ([]byte, error) {
	if f.data != nil {
		return f.data, nil
	}
	data, err := readfile.AtMost(f.path, maxModel)
	if _, long := errors.AsType[*readfile.TooLongError](err); long || err == nil {
		return data, err
	}
	return nil, unreadable(f.path, err)
}

// modelFile gives the model that was asked for, or the first that is there.
func (o *options) modelFile() (modelFile, error) {
	if o.model != "" {
		return existing(o.model, "given to --model")
	}
	if path := os.Getenv(modelVariable); path != "" {
		return existing(path, "in "+modelVariable)
	}
	tried := []string{defaultModel}
	if binary, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(binary); err == nil {
			tried = append(tried, filepath.Join(filepath.Dir(real), defaultModel))
		}
	}
	for _, path := range tried {
		// What is there but of no use is an error: another model would be another verdict.
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return existing(path, "it leads to")
		}
	}
	file := builtInModel()
	file.unasked = true
	return file, nil
}

// existing is the model of that name, if there is a file or it is the built-in one;
// from says where the name comes from.
func existing(path, from string) (modelFile, error) {
	if path == builtIn {
		return builtInModel(), nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.Contains(path, foldMark):
		return modelFile{}, fmt.Errorf("%s: no such file; %s stands for a number only in --model of infer eval", path, foldMark)
	case errors.Is(err, fs.ErrNotExist):
		return modelFile{}, fmt.Errorf("%s: no such file; check the path %s", named(path), from)
	case err != nil:
		return modelFile{}, unreadable(path, err)
	case info.IsDir():
		return modelFile{}, fmt.Errorf("%s: is a directory; name the .onnx file in it", path)
	case !info.Mode().IsRegular():
		return modelFile{}, fmt.Errorf("%s: is no regular file; name an .onnx file", path)
	}
	return modelFile{path: path}, nil
}

// named is a path in a message, of which something is to be seen.
func named(path string) string {
	if path == "" {
		return `""`
	}
	return path
}

// unreadable is the error of a file or folder that is there.
func unreadable(path string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		path, err = e.Path, e.Err
	}
	return fmt.Errorf("%s: cannot be read: %w; check the path and its permissions", path, err)
}
