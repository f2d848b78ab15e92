package onnxgo

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Model is an .onnx file as a Gorgonia graph of a fixed batch size. It is not
// safe for concurrent use.
type Model struct {
	machine gorgonia.VM
	values  map[string]*value
	x       []float32 // the input's storage
	output  string
}

func newModel(g *gorgonia.ExprGraph, f *file, x *tensor.Dense) (*Model, error) {
	if v := f.values[f.output]; v == nil || v.expr == nil {
		return nil, fmt.Errorf("onnxgo: output %s is computed by no node", f.output)
	}
	return &Model{machine: gorgonia.NewTapeMachine(g), values: f.values, x: x.Float32s(), output: f.output}, nil
}

// Run computes the model's first output for x, which has the shape of the
// model's input with the batch size given to Read. The result is valid until
// the next Run.
func (m *Model) Run(x []float32) ([]float32, error) {
	if len(x) != len(m.x) {
		return nil, fmt.Errorf("onnxgo: input of %d values, want %d", len(x), len(m.x))
	}
	copy(m.x, x)
	m.machine.Reset()
	if err := m.machine.RunAll(); err != nil {
		return nil, fmt.Errorf("onnxgo: %w", err)
	}
	return m.Output(m.output)
}

// Output returns the tensor of that name in the file at the last Run,
// row-major; it is valid until the next one. The names of the layers' outputs
// are onnx.LayerOutput's.
func (m *Model) Output(name string) ([]float32, error) {
	v := m.values[name]
	if v == nil || v.expr == nil {
		return nil, fmt.Errorf("onnxgo: the model computes no value %q", name)
	}
	t, ok := v.expr.Value().(*tensor.Dense)
	if !ok {
		return nil, fmt.Errorf("onnxgo: value %q is read before the first Run", name)
	}
	return t.Float32s(), nil
}

// Close frees the machine.
func (m *Model) Close() error {
	return m.machine.Close()
}
