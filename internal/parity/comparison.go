package parity

import (
	"errors"
	"fmt"

	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/onnxgo"
	"github.com/sphereface-go/sphereface/internal/ort"
	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// Subject is a network in the three forms that are compared.
type Subject struct {
	// Network and Weights are what Gorgonia computes, the reference.
	Network models.Network
	Weights map[string][]float32
	// Model is the exported file and Layers its variant in which the output of
	// every layer is an output of the graph: see [onnx.Options].
	Model, Layers []byte
	// Threads is how many goroutines or threads each path computes with, 1 or
	// more.
	Threads int
	// Library is ONNX Runtime's shared library, "" to search for it.
	Library string
}

// Comparison is a subject that is ready to compute. It is not safe for
// concurrent use.
type Comparison struct {
	subject       Subject
	model, layers *ort.Session
}

// Open loads the files into ONNX Runtime.
func Open(s Subject) (*Comparison, error) {
	o := ort.Options{Library: s.Library, Threads: s.Threads}
	model, err := ort.OpenBytes(s.Model, o)
	if err != nil {
		return nil, fmt.Errorf("parity: %w", err)
	}
	layers, err := ort.OpenBytes(s.Layers, o)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("parity: variant with all layers: %w", err), model.Close())
	}
	return &Comparison{subject: s, model: model, layers: layers}, nil
}

// Close frees the sessions.
func (c *Comparison) Close() error {
	return errors.Join(c.model.Close(), c.layers.Close())
}

// Run computes n crops, x of shape n×C×H×W, along all paths and compares the
// results. An error means that a path cannot compute at all; differences are
// in the report.
func (c *Comparison) Run(x []float32, n int) (Report, error) {
	rows := make([]Row, 0, len(c.subject.Network.Layers))
	want, err := c.gorgonia(x, n)
	if err != nil {
		return Report{}, fmt.Errorf("parity: %s: %w", Gorgonia, err)
	}
	runtime, err := c.runtime(x, n)
	if err != nil {
		return Report{}, fmt.Errorf("parity: %s: %w", ONNXRuntime, err)
	}
	readBack, err := c.onnxGo(x, n)
	if err != nil {
		return Report{}, fmt.Errorf("parity: %s: %w", OnnxGo, err)
	}
	for i, l := range c.subject.Network.Layers {
		name := onnx.LayerOutput(c.subject.Network, i)
		row := Row{Name: l.Name, Values: len(want[name])}
		if name == onnx.OutputName {
			row.Name = name
		}
		by := map[Path][]float32{Gorgonia: want[name], ONNXRuntime: runtime[name], OnnxGo: readBack[name]}
		for p, pair := range Pairs {
			if row.Differences[p], err = Compare(by[pair[0]], by[pair[1]]); err != nil {
				return Report{}, fmt.Errorf("%w: %s in %s and %s", err, row.Name, pair[0], pair[1])
			}
		}
		rows = append(rows, row)
	}
	return Report{Images: n, Rows: rows}, nil
}

// gorgonia gives every layer's output by the name of its tensor in the file.
func (c *Comparison) gorgonia(x []float32, n int) (map[string][]float32, error) {
	s := c.subject
	e, err := graph.NewExtractor(s.Network, s.Weights, n, s.Threads)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	embedding, err := e.Run(x)
	if err != nil {
		return nil, err
	}
	values := make(map[string][]float32)
	for i, l := range s.Network.Layers {
		values[onnx.LayerOutput(s.Network, i)] = e.Layer(l.Name)
	}
	values[onnx.OutputName] = embedding
	return values, nil
}

// runtime takes the layers from the variant and the embedding from the file
// that is shipped.
func (c *Comparison) runtime(x []float32, n int) (map[string][]float32, error) {
	values := make(map[string][]float32)
	for _, session := range []*ort.Session{c.layers, c.model} {
		outputs, err := session.Run(x, n)
		if err != nil {
			return nil, err
		}
		for _, t := range outputs {
			values[t.Name] = t.Data
		}
	}
	return values, nil
}

// onnxGo reads all values from the file that is shipped: its graph keeps them.
func (c *Comparison) onnxGo(x []float32, n int) (map[string][]float32, error) {
	m, err := onnxgo.Read(c.subject.Model, n, c.subject.Threads)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	if _, err := m.Run(x); err != nil {
		return nil, err
	}
	values := make(map[string][]float32)
	for i := range c.subject.Network.Layers {
		name := onnx.LayerOutput(c.subject.Network, i)
		if values[name], err = m.Output(name); err != nil {
			return nil, err
		}
	}
	return values, nil
}
