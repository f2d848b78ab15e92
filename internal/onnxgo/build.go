package onnxgo

import (
	"fmt"
	"slices"

	"github.com/sphereface-go/sphereface/internal/ops"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// builder turns the operations that the backend recorded into a Gorgonia graph
// of a fixed batch size.
type builder struct {
	graph   *gorgonia.ExprGraph
	threads int
	weights ops.Generation // they never change
}

// operators maps an ONNX operator to the function that builds it.
var operators = map[string]func(*builder, operation) error{
	"Conv":    (*builder).conv,
	"PRelu":   (*builder).prelu,
	"Add":     (*builder).add,
	"Flatten": (*builder).flatten,
	"Gemm":    (*builder).gemm,
}

func (b *builder) apply(op operation) error {
	build, ok := operators[op.Name]
	if !ok {
		return fmt.Errorf("operator %s is not supported; Conv, PRelu, Add, Flatten and Gemm are", op.Name)
	}
	if err := build(b, op); err != nil {
		return fmt.Errorf("operator %s: %w", op.Name, err)
	}
	return nil
}

// operands checks the number of inputs and returns those that are computed, of
// which there is at least one.
func operands(op operation, least, most, computed int) ([]*gorgonia.Node, error) {
	if n := len(op.out.inputs); n < least || n > most {
		return nil, fmt.Errorf("%d inputs, want %d to %d", n, least, most)
	}
	nodes := make([]*gorgonia.Node, computed)
	for i, in := range op.out.inputs[:computed] {
		if in.expr == nil {
			return nil, fmt.Errorf("input %q is computed by no earlier node", in.name)
		}
		nodes[i] = in.expr
	}
	return nodes, nil
}

// weight returns input i, which must be an initialiser, as a node of the given
// shape; its own shape may be another of the same size if also is given (a
// slope is [C,1,1] in the file and [C] in the graph). It returns nil if the
// input is absent.
func (b *builder) weight(op operation, i int, shape, also []int) (*gorgonia.Node, error) {
	if i >= len(op.out.inputs) {
		return nil, nil
	}
	in := op.out.inputs[i]
	data, ok := in.data.(*tensor.Dense)
	if !ok || !in.initializer {
		return nil, fmt.Errorf("input %q is not an initialiser", in.name)
	}
	if have := []int(data.Shape()); !slices.Equal(have, shape) && (also == nil || !slices.Equal(have, also)) {
		return nil, fmt.Errorf("initialiser %q has shape %v, want %v", in.name, have, shape)
	}
	if in.expr == nil {
		values, ok := data.Data().([]float32)
		if !ok {
			return nil, fmt.Errorf("initialiser %q holds %s, want float32", in.name, data.Dtype())
		}
		t := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values))
		in.expr = gorgonia.NodeFromAny(b.graph, t, gorgonia.WithName(in.name))
	}
	return in.expr, nil
}

func (b *builder) conv(op operation) error {
	x, err := operands(op, 2, 3, 1)
	if err != nil {
		return err
	}
	if x[0].Dims() != 4 {
		return fmt.Errorf("input of shape %v, want [N,C,H,W]", x[0].Shape())
	}
	a := newAttributes(op.Attributes)
	want(a, "auto_pad", "NOTSET", "NOTSET")
	want(a, "group", int64(1), 1)
	if d := a.square("dilations", 2, 1); d != 1 {
		a.fail("attribute dilations is %d, only 1 is supported", d)
	}
	outC, side := ends(op.out.inputs[1])
	kernel, stride, pad := a.square("kernel_shape", 2, int64(side)), a.square("strides", 2, 1), a.square("pads", 4, 0)
	if err := a.done(); err != nil {
		return err
	}
	w, err := b.weight(op, 1, []int{outC, x[0].Shape()[1], kernel, kernel}, nil)
	if err != nil {
		return err
	}
	bias, err := b.weight(op, 2, []int{outC}, nil)
	if err != nil {
		return err
	}
	op.out.expr, err = ops.Conv(x[0], w, bias, ops.ConvOptions{Stride: stride, Pad: pad, Threads: b.threads, Weights: &b.weights})
	return err
}

func (b *builder) prelu(op operation) error {
	x, err := operands(op, 2, 2, 1)
	if err != nil {
		return err
	}
	if err := newAttributes(op.Attributes).done(); err != nil {
		return err
	}
	if x[0].Dims() != 4 {
		return fmt.Errorf("input of shape %v, want [N,C,H,W]", x[0].Shape())
	}
	c := x[0].Shape()[1]
	slope, err := b.weight(op, 1, []int{c}, []int{c, 1, 1})
	if err != nil {
		return err
	}
	op.out.expr, err = ops.PReLU(x[0], slope, b.threads)
	return err
}

func (b *builder) add(op operation) error {
	x, err := operands(op, 2, 2, 2)
	if err != nil {
		return err
	}
	if err := newAttributes(op.Attributes).done(); err != nil {
		return err
	}
	if !x[0].Shape().Eq(x[1].Shape()) {
		return fmt.Errorf("inputs of shapes %v and %v, want equal ones", x[0].Shape(), x[1].Shape())
	}
	op.out.expr, err = ops.Add(x[0], x[1], b.threads)
	return err
}

// flatten adds no operation: the linear layer reads its input as [N, rest]
// whatever the shape, so the value is the same one seen flat.
func (b *builder) flatten(op operation) error {
	x, err := operands(op, 1, 1, 1)
	if err != nil {
		return err
	}
	a := newAttributes(op.Attributes)
	want(a, "axis", int64(1), 1)
	if err := a.done(); err != nil {
		return err
	}
	op.out.expr, op.out.flat = x[0], true
	return nil
}

func (b *builder) gemm(op operation) error {
	x, err := operands(op, 2, 3, 1)
	if err != nil {
		return err
	}
	a := newAttributes(op.Attributes)
	want(a, "alpha", float32(1), 1)
	want(a, "beta", float32(1), 1)
	want(a, "transA", int64(0), 0)
	want(a, "transB", int64(0), 1)
	if err := a.done(); err != nil {
		return err
	}
	if x[0].Dims() != 2 && !op.out.inputs[0].flat {
		return fmt.Errorf("input of shape %v, want two dimensions", x[0].Shape())
	}
	in := x[0].Shape().TotalSize() / x[0].Shape()[0]
	out, _ := ends(op.out.inputs[1])
	w, err := b.weight(op, 1, []int{out, in}, nil)
	if err != nil {
		return err
	}
	bias, err := b.weight(op, 2, []int{out}, nil)
	if err != nil {
		return err
	}
	op.out.expr, err = ops.Linear(x[0], w, bias, ops.LinearOptions{Threads: b.threads})
	return err
}

// ends returns the first and the last dimension of an initialiser, 0 if it has
// none: an error follows when the whole shape is compared.
func ends(v *value) (first, last int) {
	if v.data == nil || v.data.Dims() == 0 {
		return 0, 0
	}
	shape := v.data.Shape()
	return shape[0], shape[len(shape)-1]
}
