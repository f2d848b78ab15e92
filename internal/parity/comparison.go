package parity

import (
	"errors"
	"fmt"
	"slices"

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
		_ = model.Close() // the first error is the one to tell
		return nil, fmt.Errorf("parity: variant with all layers: %w", err)
	}
	return &Comparison{subject: s, model: model, layers: layers}, nil
}

// Close frees the sessions.
func (c *Comparison) Close() error {
	return errors.Join(c.model.Close(), c.layers.Close())
}

// Values are the outputs of the layers along one path, n×C×H×W row-major, by the
// names of the rows of a [Report].
type Values map[string][]float32

// Run computes n crops, x of shape n×C×H×W, along all paths and compares the
// results. An error means that a path cannot compute at all; differences are
// in the report.
func (c *Comparison) Run(x []float32, n int) (Report, error) {
	values, err := c.Compute(x, n)
	if err != nil {
		return Report{}, err
	}
	return c.Report(values, n)
}

// Report compares what Compute gave for n crops.
func (c *Comparison) Report(values map[Path]Values, n int) (Report, error) {
	report := Report{Images: n}
	for i := range c.subject.Network.Layers {
		row := Row{Name: c.row(i), Values: len(values[Gorgonia][c.row(i)])}
		for p, pair := range Pairs {
			want := values[pair[0]][row.Name]
			var err error
			if row.Differences[p], err = Compare(want, values[pair[1]][row.Name], Scale(want)); err != nil {
				return Report{}, fmt.Errorf("%w: %s in %s and %s", err, row.Name, pair[0], pair[1])
			}
		}
		report.Rows = append(report.Rows, row)
	}
	return report, nil
}

// Compute gives the outputs of all layers along each path.
func (c *Comparison) Compute(x []float32, n int) (map[Path]Values, error) {
	values := make(map[Path]Values, 3)
	for path, compute := range map[Path]func([]float32, int) (Values, error){
		Gorgonia: c.gorgonia, ONNXRuntime: c.runtime, OnnxGo: c.onnxGo,
	} {
		v, err := compute(x, n)
		if err != nil {
			return nil, fmt.Errorf("parity: %s: %w", path, err)
		}
		values[path] = v
	}
	return values, nil
}

// row is the name of a layer in a report: that of the last one's output is its
// name in the file.
func (c *Comparison) row(layer int) string {
	if name := onnx.LayerOutput(c.subject.Network, layer); name == onnx.OutputName {
		return name
	}
	return c.subject.Network.Layers[layer].Name
}

func (c *Comparison) gorgonia(x []float32, n int) (Values, error) {
	s := c.subject
	e, err := graph.NewExtractor(s.Network, s.Weights, n, s.Threads)
	if err != nil {
		return nil, err
	}
	defer e.Close()
	if _, err := e.Run(x); err != nil {
		return nil, err
	}
	values := make(Values)
	for i, l := range s.Network.Layers {
		values[c.row(i)] = e.Layer(l.Name)
	}
	return values, nil
}

// runtime takes the layers from the variant and the embedding from the file
// that is shipped.
func (c *Comparison) runtime(x []float32, n int) (Values, error) {
	outputs := make(map[string]ort.Tensor)
	for _, session := range []*ort.Session{c.layers, c.model} {
		tensors, err := session.Run(x, n)
		if err != nil {
			return nil, err
		}
		for _, t := range tensors {
			outputs[t.Name] = t
		}
	}
	values := make(Values)
	for i, l := range c.subject.Network.Layers {
		t := outputs[onnx.LayerOutput(c.subject.Network, i)]
		want := []int64{int64(n), int64(l.Out.C), int64(l.Out.H), int64(l.Out.W)}
		if l.Kind == models.FullyConnected {
			want = want[:2]
		}
		if !slices.Equal(t.Shape, want) {
			return nil, fmt.Errorf("output of layer %s has the shape %v, want %v", l.Name, t.Shape, want)
		}
		values[c.row(i)] = t.Data
	}
	return values, nil
}

// onnxGo reads all values from the file that is shipped: its graph keeps them.
func (c *Comparison) onnxGo(x []float32, n int) (Values, error) {
	m, err := onnxgo.Read(c.subject.Model, n, c.subject.Threads)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	if _, err := m.Run(x); err != nil {
		return nil, err
	}
	values := make(Values)
	for i := range c.subject.Network.Layers {
		if values[c.row(i)], err = m.Output(onnx.LayerOutput(c.subject.Network, i)); err != nil {
			return nil, err
		}
	}
	return values, nil
}
