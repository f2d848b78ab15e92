package onnxgo

import (
	"fmt"

	onnxgo "github.com/owulveryck/onnx-go"
	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/simple"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// value is one named value of the ONNX graph: a node of the graph that onnx-go
// builds. An edge leads from an operator's output to each of its inputs, its
// weight being the input's position.
type value struct {
	id     int64
	name   string
	data   tensor.Tensor // of an initialiser; for other values the empty tensor that onnx-go makes of their declared shape
	inputs []*value      // of the operator that gives this value, in order; nil for a graph input or an initialiser

	initializer bool

	expr *gorgonia.Node // the value in the Gorgonia graph, nil until it is built
	flat bool           // read as [N, rest], whatever expr's shape: the output of Flatten
}

// ID implements graph.Node.
func (v *value) ID() int64 { return v.id }

// SetName implements onnxgo.Namer.
func (v *value) SetName(name string) { v.name = name }

// GetName implements onnxgo.Namer.
func (v *value) GetName() string { return v.name }

// SetTensor implements onnxgo.DataCarrier.
func (v *value) SetTensor(t tensor.Tensor) error {
	v.data = t
	return nil
}

// GetTensor implements onnxgo.DataCarrier.
func (v *value) GetTensor() tensor.Tensor { return v.data }

// operation is one ONNX node in the order of the file.
type operation struct {
	onnxgo.Operation
	out *value
}

// backend implements onnxgo.Backend: it records the operations and their
// operands. They become a Gorgonia graph afterwards, when every initialiser and
// the batch size are known.
type backend struct {
	*simple.WeightedDirectedGraph
	values     map[string]*value
	operations []operation
}

var _ onnxgo.Backend = (*backend)(nil)

func newBackend() *backend {
	return &backend{WeightedDirectedGraph: simple.NewWeightedDirectedGraph(0, 0), values: make(map[string]*value)}
}

// NewNode implements onnxgo.Backend.
func (b *backend) NewNode() graph.Node {
	return &value{id: b.WeightedDirectedGraph.NewNode().ID()}
}

// AddNode implements onnxgo.Backend; the node has its name by then.
func (b *backend) AddNode(n graph.Node) {
	b.WeightedDirectedGraph.AddNode(n)
	v := n.(*value)
	b.values[v.name] = v
}

// SetWeightedEdge implements onnxgo.Backend. The operands are kept in a list
// beside the graph's edges, because a graph has one edge between two nodes and
// an operator may take the same value twice (x + x).
func (b *backend) SetWeightedEdge(e graph.WeightedEdge) {
	out, in := e.From().(*value), e.To().(*value)
	if out != in { // gonum's graph panics; a value that needs itself is reported when the graph is built
		b.WeightedDirectedGraph.SetWeightedEdge(e)
	}
	out.inputs = append(out.inputs, in)
}

// ApplyOperation implements onnxgo.Backend.
func (b *backend) ApplyOperation(op onnxgo.Operation, outputs ...graph.Node) error {
	if len(outputs) != 1 {
		return fmt.Errorf("operator %s has %d outputs, 1 is supported", op.Name, len(outputs))
	}
	b.operations = append(b.operations, operation{Operation: op, out: outputs[0].(*value)})
	return nil
}
