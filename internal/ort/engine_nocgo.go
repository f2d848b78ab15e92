//go:build !cgo

package ort

import "errors"

var errNoCgo = errors.New("ort: this binary was built without cgo, so it cannot load ONNX Runtime: install a C compiler and build with CGO_ENABLED=1")

// engine has no instance in a binary without cgo.
type engine struct{}

func (s *Session) start(source, Options) error { return &LibraryError{errNoCgo} }

func (e *engine) run([]float32, []int64) ([]Tensor, error) { return nil, errNoCgo }

func (e *engine) close() error { return nil }

// Library returns "", "": nothing can be loaded.
func Library() (location, version string) { return "", "" }
