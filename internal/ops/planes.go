package ops

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// Planes rearranges x, N×H×W×C, to N×C×H×W, and its gradient back.
func Planes(x *gorgonia.Node, threads int) (*gorgonia.Node, error) {
	if err := checkRank("rearrangement", "x", x, 4); err != nil {
		return nil, err
	}
	n, h, w, channels := x.Shape()[0], x.Shape()[1], x.Shape()[2], x.Shape()[3]
	y, team := buffer(n, channels, h, w), kernel.NewTeam(threads)
	o := &differentiable{op: op{name: "planes", in: typesOf(x), shape: y.Shape()}, wrt: []bool{true}}
	o.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
		team.ToNCHW(floats(y), floats(v[0]), n, channels, h*w)
		return y, nil
	}
	o.gradient = func(_ gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		dx := buffer(n, h, w, channels)
		g := &op{name: "planes-gradient", in: typesOf(grad), shape: dx.Shape()}
		g.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
			team.ToNHWC(floats(dx), floats(v[0]), n, channels, h*w)
			return dx, nil
		}
		computed, err := gorgonia.ApplyOp(g, grad)
		if err != nil {
			return nil, fmt.Errorf("ops: gradient of a rearrangement: %w", err)
		}
		return gorgonia.Nodes{computed}, nil
	}
	return gorgonia.ApplyOp(o, x)
}
