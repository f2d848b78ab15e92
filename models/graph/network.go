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
	images []float32 // the storage of input
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

// build walks the layers. What o drops out follows the key.
func build(net models.Network, weights map[string][]float32, o Options, key *uint64) (*network, error) {
	if o.Batch < 1 || o.Threads < 1 {
		return nil, fmt.Errorf("graph: %s: batch %d and threads %d must be 1 or above", net.Name, o.Batch, o.Threads)
	}
	if err := net.CheckWeights(weights); err != nil {
		return nil, err
	}
	g := gorgonia.NewGraph()
	n := &network{graph: g, layers: make(map[string]*gorgonia.Node)}
	in := net.Input
	n.images = make([]float32, o.Batch*in.Size())
	n.input = inputNode(g, "input", n.images, o.Batch, in.C, in.H, in.W)
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
			conv := ops.ConvOptions{Stride: l.Stride, Pad: l.Pad, Precision: o.Precision, Threads: o.Threads, X: layout, Y: kernel.NHWC, Weights: &n.weights, Workspace: &n.workspace}
			x, err = ops.ConvPReLU(x, nodes[l.WeightName()], nodes[l.BiasName()], nodes[l.SlopeName()], skip, conv)
			layout = kernel.NHWC
		case models.FullyConnected:
			if layout == kernel.NHWC { // maps are flattened in C, H, W order
				if o.Dropout != 0 {
					if x, err = ops.Dropout(x, o.Dropout, key, o.Threads); err != nil {
						break
					}
				}
				if x, err = ops.Planes(x, o.Threads); err != nil {
					break
				}
				layout = kernel.NCHW
			}
			x, err = ops.Linear(x, nodes[l.WeightName()], nodes[l.BiasName()], ops.LinearOptions{Precision: o.Precision, Threads: o.Threads})
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
	values := floats(layer)
	if layer.Dims() != 4 {
		return values
	}
	planes := make([]float32, len(values))
	s := layer.Shape()
	kernel.NewTeam(1).ToNCHW(planes, values, s[0], s[3], s[1]*s[2])
	return planes
}

// paramNode is a node whose value is the parameter's storage itself.
func paramNode(g *gorgonia.ExprGraph, p models.Param, values []float32) *gorgonia.Node {
	value := tensor.New(tensor.WithShape(p.Shape...), tensor.WithBacking(values))
	return gorgonia.NewTensor(g, tensor.Float32, len(p.Shape), gorgonia.WithShape(p.Shape...), gorgonia.WithName(p.Name), gorgonia.WithValue(value))
}

// inputNode is a node whose value is storage, which setInput fills.
func inputNode[T float32 | int32](g *gorgonia.ExprGraph, name string, storage []T, shape ...int) *gorgonia.Node {
	value := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(storage))
	return gorgonia.NewTensor(g, value.Dtype(), len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name), gorgonia.WithValue(value))
}

// setInput copies values to an input's storage. It does not ask the node for the
// storage: Gorgonia would allocate an interface at every run.
func setInput[T float32 | int32](node *gorgonia.Node, storage, values []T) error {
	if len(values) != len(storage) {
		return fmt.Errorf("graph: %s has %d values, want %d of shape %v", node.Name(), len(values), len(storage), node.Shape())
	}
	copy(storage, values)
	return nil
}

// floats is the storage of a node's tensor, nil before there is one.
func floats(node *gorgonia.Node) []float32 {
	if t, ok := node.Value().(*tensor.Dense); ok {
		return t.Float32s()
	}
	return nil
}
