package onnx

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
	"github.com/sphereface-go/sphereface/models"
)

// Recognize tells which network a model is: it takes the name, width and size
// of embedding from the metadata and compares every node and the shape of every
// initialiser with what [Build] writes for that network. Weights of a model that
// it recognises can be trained on. The error names the node or tensor that
// differs.
func Recognize(m *pb.ModelProto) (models.Network, error) {
	var c Contract
	meta := Metadata(m)
	for _, f := range contractFields {
		switch f.key {
		case "network", "network_width", "embedding_size":
			value, ok := meta[f.key]
			if !ok {
				return models.Network{}, fmt.Errorf("onnx: metadata key %s is missing: give a model that sphereface exported", f.key)
			}
			if err := f.set(&c, value); err != nil {
				return models.Network{}, fmt.Errorf("onnx: metadata key %s is %.60q, %w: export the model again", f.key, value, err)
			}
		}
	}
	net, err := models.New(c.Network, models.Options{Width: c.Width, Embedding: c.Embedding})
	if err != nil {
		return models.Network{}, fmt.Errorf("onnx: metadata: %w: export the model again", err)
	}
	if err := compareNetwork(m.GetGraph(), net); err != nil {
		return models.Network{}, fmt.Errorf("onnx: the metadata says %s of width %s and embedding %d, but %w: give a model that sphereface exported", c.Network, number(c.Width), c.Embedding, err)
	}
	return net, nil
}

// compareNetwork compares a graph with the one that Build writes for net.
func compareNetwork(g *pb.GraphProto, net models.Network) error {
	want, err := buildGraph(net, Options{Float16: hasFloat16(g)})
	if err != nil {
		return err
	}
	if err := compareNodes(g.GetNode(), want.Node); err != nil {
		return err
	}
	have := make(map[string][]int64)
	for _, t := range g.GetInitializer() {
		have[t.GetName()] = t.Dims
	}
	for _, l := range net.Layers {
		for _, p := range l.Params() {
			dims, ok := have[p.Name]
			if !ok {
				return fmt.Errorf("initialiser %s is missing", p.Name)
			}
			shape := initializerShape(l, p)
			if len(dims) > maxRank || !slices.EqualFunc(dims, shape, func(a int64, b int) bool { return a == int64(b) }) {
				return fmt.Errorf("initialiser %s has shape %v, want %v", p.Name, dims[:min(len(dims), maxRank)], shape)
			}
			delete(have, p.Name)
		}
	}
	for _, t := range g.GetInitializer() {
		if _, ok := have[t.GetName()]; ok {
			return fmt.Errorf("initialiser %s is not part of it", label(t.GetName()))
		}
	}
	return nil
}

func compareNodes(have, want []*pb.NodeProto) error {
	if len(have) != len(want) {
		return fmt.Errorf("the graph has %d nodes, want %d", len(have), len(want))
	}
	for i := range want {
		if !proto.Equal(sortedAttributes(have[i]), sortedAttributes(want[i])) {
			return fmt.Errorf("node %s (%s) differs from node %s (%s) of that network",
				label(have[i].GetName()), label(have[i].GetOpType()), want[i].GetName(), want[i].GetOpType())
		}
	}
	return nil
}

// sortedAttributes is a copy of the node whose attributes are in order of name:
// other tools that save a model may reorder them.
func sortedAttributes(n *pb.NodeProto) *pb.NodeProto {
	c := proto.CloneOf(n)
	slices.SortFunc(c.Attribute, func(a, b *pb.AttributeProto) int { return strings.Compare(a.GetName(), b.GetName()) })
	return c
}

// CheckContract compares the contract with the graph: one input [N, 3, height,
// width] named "input" and a first output [N, embedding] named "embedding".
func CheckContract(m *pb.ModelProto, c Contract) error {
	g := m.GetGraph()
	if len(g.GetInput()) != 1 || len(g.GetOutput()) == 0 {
		return fmt.Errorf("onnx: the graph has %d inputs and %d outputs, want one input and the embedding: export the model again", len(g.GetInput()), len(g.GetOutput()))
	}
	free := dim{name: BatchDim}
	crop := shape{free, {size: models.CropChannels}, {size: int64(c.CropHeight)}, {size: int64(c.CropWidth)}}
	if err := compareInterface("input", g.Input[0], InputName, crop); err != nil {
		return err
	}
	return compareInterface("output", g.Output[0], OutputName, shape{free, {size: int64(c.Embedding)}})
}

func compareInterface(what string, v *pb.ValueInfoProto, name string, want shape) error {
	got, err := declaredShape(what, v)
	if err != nil {
		return err
	}
	if v.GetName() != name || !got.equal(want) {
		return fmt.Errorf("onnx: the graph's %s is %s %v, but the metadata says %s %v: export the model again", what, v.GetName(), got, name, want)
	}
	return nil
}
