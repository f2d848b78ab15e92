package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/onnx"
)

// model is an .onnx file that is ready, and how photos are cut for it.
type model struct {
	*sphereface.Model
	path      string // or builtIn
	unasked   bool   // it is the built-in one because there was no other
	alignment sphereface.Alignment
}

// openModel loads the model, which must have a threshold if it is to decide. The
// caller closes it.
func openModel(o options, decide bool) (*model, error) {
	file, err := o.modelFile()
	if err != nil {
		return nil, err
	}
	m, err := file.open(sphereface.Options{
		Library: o.library, Threads: o.threads,
		Metadata: o.supplied, AssumeSphereFace: o.assume, NeedThreshold: decide,
		Limits: o.limits,
	})
	if err != nil {
		return nil, withFlags(file.path, err, decide)
	}
	how := m.Alignment()
	if o.noDetect {
		how = sphereface.AlignNone
	}
	return &model{m, file.path, file.unasked, how}, nil
}

func (f modelFile) open(o sphereface.Options) (*sphereface.Model, error) {
	if f.data != nil {
		return sphereface.OpenBytes(f.data, o)
	}
	return sphereface.Open(f.path, o)
}

// warnUnasked says on standard error that nobody has chosen the model.
func (m *model) warnUnasked(stderr io.Writer) {
	if m.unasked {
		fmt.Fprintf(stderr, "infer: by the %s model, trained on LFW alone: read models/lfw/README.md before relying on it; --model names another one\n", builtIn)
	}
}

// withFlags names the flags that supply what the metadata lacks.
func withFlags(path string, err error, decide bool) error {
	if errors.Is(err, sphereface.ErrNoThreshold) {
		return fmt.Errorf("%s: the metadata has no decision threshold: give one with --threshold, or find it with infer eval", path)
	}
	problems, ok := errors.AsType[*onnx.ContractError](err)
	if !ok || problems.Ours {
		return err
	}
	own := "this project's own"
	if decide {
		own += " for all but the threshold"
	}
	problems.Remedy = "the model was not exported by sphereface, so give these values yourself with the flags of these names (--pixel-mean and so on), or take " + own + " with --assume-sphereface"
	return fmt.Errorf("%s: %w", path, problems)
}
