package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// defaultModel is the file that is taken when none is named, and modelVariable the
// environment variable that names one.
const (
	defaultModel  = "model.onnx"
	modelVariable = "SPHEREFACE_MODEL"
)

// modelPath gives the model that was asked for, or the one that is there.
func (o *options) modelPath() (string, error) {
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
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, nil
		}
	}
	return "", fmt.Errorf("no model: tried %s: name one with --model or %s", strings.Join(tried, ", "), modelVariable)
}

// existing is the path of a model if there is a file; from says where the path
// comes from.
func existing(path, from string) (string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%s: no such file; check the path %s", path, from)
	case err != nil:
		return "", unreadable(path, err)
	case info.IsDir():
		return "", fmt.Errorf("%s: is a directory; name the .onnx file in it", path)
	}
	return path, nil
}

// unreadable is the error of a file or folder that is there.
func unreadable(path string, err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		path, err = e.Path, e.Err
	}
	return fmt.Errorf("%s: cannot be read: %w; check the path and its permissions", path, err)
}
