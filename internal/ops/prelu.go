package ops

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// PReLU is x where x is positive and slope·x elsewhere, with gradients for
// both. x is N×C×H×W, slope has C elements, in any shape. Networks fuse it
// into [ConvPReLU]; graphs that are read from a file use it by itself.
func PReLU(x, slope *gorgonia.Node, threads int) (*gorgonia.Node, error) {
	if err := checkRank("PReLU", "x", x, 4); err != nil {
		return nil, err
	}
	n, channels, size := x.Shape()[0], x.Shape()[1], x.Shape()[2]*x.Shape()[3]
	if slope.Shape().TotalSize() != channels {
		return nil, fmt.Errorf("ops: PReLU: slope of shape %v does not fit x of shape %v: want %d elements", slope.Shape(), x.Shape(), channels)
	}
	y := buffer(x.Shape()...)
	o := &differentiable{op: op{name: "prelu", in: typesOf(x, slope), shape: y.Shape()}, wrt: []bool{true, true}}
	o.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
		kernel.PReLU(floats(y), floats(v[0]), floats(v[1]), n, size, threads)
		return y, nil
	}
	o.gradient = func(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		dx, dslope := buffer(x.Shape()...), buffer(slope.Shape()...)
		g := &op{name: "prelu-gradient", in: typesOf(grad, in[0], in[1]), shape: dx.Shape()}
		g.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
			kernel.PReLUGrad(floats(dx), floats(dslope), floats(v[0]), floats(v[1]), floats(v[2]), n, size, threads)
			return dx, nil
		}
		computed, err := gorgonia.ApplyOp(g, grad, in[0], in[1])
		if err != nil {
			return nil, fmt.Errorf("ops: gradient of a PReLU: %w", err)
		}
		slopes, err := parts(computed, []string{"prelu-dslope"}, []*tensor.Dense{dslope})
		if err != nil {
			return nil, err
		}
		return gorgonia.Nodes{computed, slopes[0]}, nil
	}
	return gorgonia.ApplyOp(o, x, slope)
}
