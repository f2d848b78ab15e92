package ops

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// LinearOptions are a fully connected layer's attributes.
type LinearOptions struct {
	// Precision is what the products are made of.
	Precision kernel.Precision
	// Threads is how many goroutines share the work.
	Threads int
}

// Linear is x·wᵀ + bias, with gradients for all inputs.
//
//	x     N×…: all dimensions but the first are flattened to In
//	w     Out×In
//	bias  Out, or nil
//
// The result is N×Out.
func Linear(x, w, bias *gorgonia.Node, o LinearOptions) (*gorgonia.Node, error) {
	if x.Dtype() != tensor.Float32 || x.Dims() < 2 {
		return nil, fmt.Errorf("ops: linear: x is %v of shape %v, want float32 with a batch dimension and more", x.Dtype(), x.Shape())
	}
	if err := checkRank("linear", "weight", w, 2); err != nil {
		return nil, err
	}
	n := x.Shape()[0]
	size := x.Shape().TotalSize() / n
	out := w.Shape()[0]
	if w.Shape()[1] != size {
		return nil, fmt.Errorf("ops: linear: weight of shape %v does not fit x of shape %v: want [out, %d]", w.Shape(), x.Shape(), size)
	}
	in := gorgonia.Nodes{x, w}
	wrt := []bool{true, true}
	if bias != nil {
		if !bias.Shape().Eq(tensor.Shape{out}) {
			return nil, fmt.Errorf("ops: linear: bias of shape %v, want [%d]", bias.Shape(), out)
		}
		in, wrt = append(in, bias), append(wrt, true)
	}
	plan := kernel.NewLinear(n, size, out, o.Precision, o.Threads)
	y := buffer(n, out)
	name := fmt.Sprintf("linear %d×%d→%d %v", n, size, out, o.Precision)
	node := &differentiable{op: op{name: name, in: typesOf(in...), shape: y.Shape()}, wrt: wrt}
	node.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
		var b []float32
		if len(v) > 2 {
			b = floats(v[2])
		}
		plan.Forward(floats(y), floats(v[0]), floats(v[1]), b)
		return y, nil
	}
	node.gradient = func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		return linearGradient(plan, name, in, grad)
	}
	return gorgonia.ApplyOp(node, in...)
}

func linearGradient(plan *kernel.Linear, name string, in gorgonia.Nodes, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, dw := buffer(in[0].Shape()...), buffer(in[1].Shape()...)
	var dbias *tensor.Dense
	if len(in) > 2 {
		dbias = buffer(in[2].Shape()...)
	}
	inputs := gorgonia.Nodes{grad, in[0], in[1]}
	o := &op{name: name + " gradient", in: typesOf(inputs...), shape: dw.Shape()}
	o.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
		plan.Backward(floats(dx), floats(dw), storage(dbias), floats(v[0]), floats(v[1]), floats(v[2]))
		return dw, nil
	}
	computed, err := gorgonia.ApplyOp(o, inputs...)
	if err != nil {
		return nil, fmt.Errorf("ops: gradient of a fully connected layer: %w", err)
	}
	grads, err := parts(computed, []string{"linear-dx", "linear-dbias"}, []*tensor.Dense{dx, dbias})
	if err != nil {
		return nil, err
	}
	return gorgonia.Nodes{grads[0], computed, grads[1]}[:len(in)], nil
}
