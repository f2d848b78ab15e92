package onnxgo

import (
	"fmt"
	"math"

	onnxgo "github.com/owulveryck/onnx-go"
	"google.golang.org/protobuf/proto"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// file is an .onnx file read by onnx-go: its operations and values, and what
// onnx-go drops.
type file struct {
	*backend
	nodes    []string // names of the nodes, one an operation
	input    string
	shape    []int // of the input, the batch dimension 0
	output   string
	metadata map[string]string
}

// decode reads and checks a model. onnx-go panics on some damaged files, so the
// model passes our checker first, and a panic that is left becomes an error.
func decode(model []byte) (f *file, err error) {
	p, err := onnx.Decode(model)
	if err != nil {
		return nil, fmt.Errorf("onnxgo: %w", err)
	}
	if err := onnx.Check(p); err != nil {
		return nil, fmt.Errorf("onnxgo: %w", err)
	}
	if model, p, err = widened(model, p); err != nil {
		return nil, fmt.Errorf("onnxgo: %w", err)
	}
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, fmt.Errorf("onnxgo: onnx-go cannot read the model: %v", r)
		}
	}()
	f = &file{backend: newBackend(), metadata: make(map[string]string)}
	if err := onnxgo.NewModel(f.backend).UnmarshalBinary(model); err != nil {
		return nil, fmt.Errorf("onnxgo: onnx-go cannot read the model: %w", err)
	}
	g := p.GetGraph()
	for _, t := range g.GetInitializer() {
		f.values[t.GetName()].initializer = true
	}
	for _, n := range g.GetNode() {
		f.nodes = append(f.nodes, n.GetName())
	}
	for _, kv := range p.GetMetadataProps() {
		f.metadata[kv.GetKey()] = kv.GetValue()
	}
	if len(g.GetInput()) != 1 || len(g.GetOutput()) == 0 {
		return nil, fmt.Errorf("onnxgo: the model has %d inputs and %d outputs, want 1 input and an output", len(g.GetInput()), len(g.GetOutput()))
	}
	f.input, f.output = g.GetInput()[0].GetName(), g.GetOutput()[0].GetName()
	f.shape = []int{0}
	for i, d := range g.GetInput()[0].GetType().GetTensorType().GetShape().GetDim() {
		if i == 0 {
			continue // the batch; the caller gives it
		}
		if d.GetDimValue() <= 0 || d.GetDimValue() > math.MaxInt32 {
			return nil, fmt.Errorf("onnxgo: dimension %d of input %s is not a fixed size", i, f.input)
		}
		f.shape = append(f.shape, int(d.GetDimValue()))
	}
	return f, nil
}

// widened gives onnx-go, which reads no float16, the same weights as float32.
func widened(model []byte, p *pb.ModelProto) ([]byte, *pb.ModelProto, error) {
	wide, err := onnx.Widen(p)
	if err != nil || wide == p {
		return model, p, err
	}
	data, err := proto.Marshal(wide)
	return data, wide, err
}

// Read reads an .onnx file through onnx-go into a Gorgonia graph that takes
// batch images at a time and works with the given number of goroutines. The
// error names the node and the operator that is not supported, or what is
// damaged.
func Read(model []byte, batch, threads int) (m *Model, err error) {
	if batch < 1 || threads < 1 {
		return nil, fmt.Errorf("onnxgo: batch %d and threads %d, want 1 or more", batch, threads)
	}
	f, err := decode(model)
	if err != nil {
		return nil, err
	}
	defer func() { // Gorgonia reports some mismatches of shape by panicking
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("onnxgo: the model does not become a Gorgonia graph: %v", r)
		}
	}()
	b := &builder{graph: gorgonia.NewGraph(), threads: threads}
	f.shape[0] = batch
	x := tensor.New(tensor.WithShape(f.shape...), tensor.Of(tensor.Float32))
	input := gorgonia.NodeFromAny(b.graph, x, gorgonia.WithName(f.input))
	f.values[f.input].expr = input
	for i, op := range f.operations {
		if err := b.apply(op); err != nil {
			return nil, fmt.Errorf("onnxgo: node %s: %w", f.nodes[i], err)
		}
	}
	return newModel(b.graph, f, x)
}

// ReadWeights returns the parameters in an .onnx file by name, flat and
// row-major, and the file's metadata. A PReLU slope has the shape [C,1,1] in
// the file and [C] in the networks of package models: the same numbers in the
// same order.
func ReadWeights(model []byte) (weights map[string][]float32, metadata map[string]string, err error) {
	f, err := decode(model)
	if err != nil {
		return nil, nil, err
	}
	weights = make(map[string][]float32)
	for name, v := range f.values {
		if !v.initializer {
			continue
		}
		data, ok := v.data.Data().([]float32)
		if !ok {
			return nil, nil, fmt.Errorf("onnxgo: initialiser %s holds %s, want float32", name, v.data.Dtype())
		}
		weights[name] = data
	}
	return weights, f.metadata, nil
}
