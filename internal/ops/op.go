package ops

import (
	"fmt"
	"hash"
	"hash/fnv"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// op is a Gorgonia operator given by its parts. It implements gorgonia.Op, and
// with gradient gorgonia.SDOp.
type op struct {
	// name is the kind and the attributes: it is hashed.
	name string
	// in are the inputs' element types and ranks.
	in []inputType
	// shape is the result's, rank 0 for a scalar.
	shape tensor.Shape
	// do computes the result.
	do func(in []gorgonia.Value) (gorgonia.Value, error)
}

// differentiable is an op with a symbolic gradient.
type differentiable struct {
	op
	// wrt tells which inputs have a gradient.
	wrt []bool
	// gradient returns a node for each input, nil where wrt is false.
	gradient func(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error)
}

// inputType is what Gorgonia's type system asks of an input.
type inputType struct {
	of   tensor.Dtype
	rank int
}

func (t inputType) hm() hm.Type {
	if t.rank == 0 {
		return t.of
	}
	return gorgonia.TensorType{Dims: t.rank, Of: t.of}
}

// typesOf are the input types of the nodes.
func typesOf(nodes ...*gorgonia.Node) []inputType {
	types := make([]inputType, len(nodes))
	for i, n := range nodes {
		types[i] = inputType{n.Dtype(), n.Dims()}
	}
	return types
}

func (o *op) Arity() int { return len(o.in) }

// Type is made anew for each caller: Gorgonia gives it back to a pool.
func (o *op) Type() hm.Type {
	types := make([]hm.Type, 0, len(o.in)+1)
	for _, t := range o.in {
		types = append(types, t.hm())
	}
	types = append(types, inputType{tensor.Float32, o.shape.Dims()}.hm())
	return hm.NewFnType(types...)
}

func (o *op) InferShape(...gorgonia.DimSizer) (tensor.Shape, error) { return o.shape.Clone(), nil }

func (o *op) Do(in ...gorgonia.Value) (gorgonia.Value, error) {
	if len(in) != len(o.in) {
		return nil, fmt.Errorf("ops: %s: got %d inputs, want %d", o.name, len(in), len(o.in))
	}
	return o.do(in)
}

// The result is the operator's own buffer: Gorgonia must neither reuse an
// input's storage for it nor compute it in place.
func (o *op) ReturnsPtr() bool     { return false }
func (o *op) CallsExtern() bool    { return false }
func (o *op) OverwritesInput() int { return -1 }

func (o *op) WriteHash(h hash.Hash) { fmt.Fprintf(h, "sphereface.%s%v%v", o.name, o.in, o.shape) }

func (o *op) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

func (o *op) String() string { return o.name }

func (o *differentiable) DiffWRT(int) []bool { return o.wrt }

func (o *differentiable) SymDiff(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	return o.gradient(in, out, grad)
}

// parts hands out several results of one operator: each of the returned nodes
// depends on computed and has the value of the buffer at its place.
func parts(computed *gorgonia.Node, names []string, buffers []*tensor.Dense) (gorgonia.Nodes, error) {
	nodes := make(gorgonia.Nodes, len(buffers))
	for i, b := range buffers {
		if b == nil {
			continue
		}
		part := &op{
			name:  names[i],
			in:    typesOf(computed),
			shape: b.Shape(),
			do:    func([]gorgonia.Value) (gorgonia.Value, error) { return b, nil },
		}
		n, err := gorgonia.ApplyOp(part, computed)
		if err != nil {
			return nil, fmt.Errorf("ops: %s: %w", names[i], err)
		}
		nodes[i] = n
	}
	return nodes, nil
}

// buffer is a new float32 tensor of the shape.
func buffer(shape ...int) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.Of(tensor.Float32))
}

// floats is the storage of a float32 value. A tensor is asked for it by type:
// its Data would allocate an interface at every run.
func floats(v gorgonia.Value) []float32 {
	if t, ok := v.(*tensor.Dense); ok {
		return t.Float32s()
	}
	return v.Data().([]float32)
}

// scalar is a float32 value without dimensions, likewise.
func scalar(v gorgonia.Value) float32 {
	if s, ok := v.(*gorgonia.F32); ok {
		return float32(*s)
	}
	return v.Data().(float32)
}

// storage is the storage of a tensor that may be nil.
func storage(t *tensor.Dense) []float32 {
	if t == nil {
		return nil
	}
	return floats(t)
}

// optional is the storage of an input that may be absent.
func optional(in []gorgonia.Value, i int) []float32 {
	if i < 0 {
		return nil
	}
	return floats(in[i])
}

// checkRank tells whether a node is a float32 tensor of the rank.
func checkRank(operator, input string, n *gorgonia.Node, rank int) error {
	if n.Dtype() != tensor.Float32 || n.Dims() != rank {
		return fmt.Errorf("ops: %s: %s is %v of shape %v, want float32 with %d dimensions", operator, input, n.Dtype(), n.Shape(), rank)
	}
	return nil
}
