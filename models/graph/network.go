package graph

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/ops"
	"github.com/sphereface-go/sphereface/models"
)

// network is the part of a graph that extractor and training share.
type network struct {
	graph  *gorgonia.ExprGraph
	input  *gorgonia.Node
	layers map[string]*gorgonia.Node
	// embedding is the last layer's output, batch×E.
	embedding *gorgonia.Node
	// weights counts the changes of the parameters.
	weights ops.Generation
	// workspace is for the operators, which run one after another.
	workspace kernel.Workspace
	// params are the nodes of the parameters, in layer order.
	params gorgonia.Nodes
}

// build walks the layers. batch is N, p what the products of the layers are made
// of, threads how many goroutines share an operator's work.
func build(net models.Network, weights map[string][]float32, batch int, p kernel.Precision, threads int) (*network, error) {
	if batch < 1 || threads < 1 {
		return nil, fmt.Errorf("graph: %s: batch %d and threads %d must be 1 or above", net.Name, batch, threads)
	}
	if err := net.CheckWeights(weights); err != nil {
		return nil, err
	}
	g := gorgonia.NewGraph()
	n := &network{graph: g, layers: make(map[string]*gorgonia.Node)}
	in := net.Input
	n.input = gorgonia.NewTensor(g, tensor.Float32, 4, gorgonia.WithShape(batch, in.C, in.H, in.W), gorgonia.WithName("input"))
	x, layout := n.input, kernel.NCHW
	for _, l := range net.Layers {
		nodes := make(map[string]*gorgonia.Node)
		for _, param := range l.Params() {
			nodes[param.Name] = paramNode(g, param, weights[param.Name])
			n.params = append(n.params, nodes[param.Name])
		}
		var err error
		switch l.Kind {
		case models.Conv:
			var skip *gorgonia.Node
			if l.Skip != "" {
				skip = n.layers[l.Skip]
			}
			// The images come in NCHW; between convolutions, NHWC.
			o := ops.ConvOptions{Stride: l.Stride, Pad: l.Pad, Precision: p, Threads: threads, X: layout, Y: kernel.NHWC, Weights: &n.weights, Workspace: &n.workspace}
			x, err = ops.ConvPReLU(x, nodes[l.WeightName()], nodes[l.BiasName()], nodes[l.SlopeName()], skip, o)
			layout = kernel.NHWC
		case models.FullyConnected:
			if layout == kernel.NHWC { // maps are flattened in C, H, W order
				if x, err = ops.Planes(x, threads); err != nil {
					break
				}
				layout = kernel.NCHW
			}
			x, err = ops.Linear(x, nodes[l.WeightName()], nodes[l.BiasName()], ops.LinearOptions{Precision: p, Threads: threads})
		default:
			err = fmt.Errorf("no operator for a layer that is %s", l.Kind)
		}
		if err != nil {
			return nil, fmt.Errorf("graph: layer %s of %s: %w", l.Name, net.Name, err)
		}
		n.layers[l.Name] = x
	}
	n.embedding = x
	return n, nil
}

// output returns the values of a layer at the last run, batch×C×H×W row-major,
// or nil.
func (n *network) output(name string) []float32 {
	layer := n.layers[name]
	if layer == nil || layer.Value() == nil {
		return nil
	}
	values := layer.Value().Data().([]float32)
	if layer.Dims() != 4 {
		return values
	}
	planes := make([]float32, len(values))
	s := layer.Shape()
	kernel.ToNCHW(planes, values, s[0], s[3], s[1]*s[2], 1)
	return planes
}

// paramNode is a node whose value is the parameter's storage itself.
func paramNode(g *gorgonia.ExprGraph, p models.Param, values []float32) *gorgonia.Node {
	value := tensor.New(tensor.WithShape(p.Shape...), tensor.WithBacking(values))
	return gorgonia.NewTensor(g, tensor.Float32, len(p.Shape), gorgonia.WithShape(p.Shape...), gorgonia.WithName(p.Name), gorgonia.WithValue(value))
}

// setInput copies images into a node's storage, which it makes at the first call.
func setInput[T any](node *gorgonia.Node, values []T) error {
	if len(values) != node.Shape().TotalSize() {
		return fmt.Errorf("graph: %s has %d values, want %d of shape %v", node.Name(), len(values), node.Shape().TotalSize(), node.Shape())
	}
	if v := node.Value(); v != nil {
		copy(v.Data().([]T), values)
		return nil
	}
	own := append([]T(nil), values...)
	return gorgonia.Let(node, tensor.New(tensor.WithShape(node.Shape()...), tensor.WithBacking(own)))
}
