package ops

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// Add is a + b, of one shape, with gradients for both. Networks fuse it into
// [ConvPReLU]; graphs that are read from a file use it by itself.
func Add(a, b *gorgonia.Node, threads int) (*gorgonia.Node, error) {
	if !a.Shape().Eq(b.Shape()) || a.Dtype() != b.Dtype() {
		return nil, fmt.Errorf("ops: addition: %v of shape %v and %v of shape %v do not fit", a.Dtype(), a.Shape(), b.Dtype(), b.Shape())
	}
	y := buffer(a.Shape()...)
	o := &differentiable{op: op{name: "add", in: typesOf(a, b), shape: y.Shape()}, wrt: []bool{true, true}}
	o.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
		kernel.Add(floats(y), floats(v[0]), floats(v[1]), threads)
		return y, nil
	}
	o.gradient = func(_ gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		return gorgonia.Nodes{grad, grad}, nil
	}
	return gorgonia.ApplyOp(o, a, b)
}
