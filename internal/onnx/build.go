package onnx

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
	"github.com/sphereface-go/sphereface/models"
)

// What every file of ours has in common.
const (
	// IRVersion and Opset are what the file declares; the package's comment says why.
	IRVersion = 4
	Opset     = 9

	// ProducerName, ProducerVersion and Domain say who wrote the file. The
	// version rises when the same input gives other bytes.
	ProducerName    = "sphereface"
	ProducerVersion = "1.0.0"
	Domain          = "io.github.sphereface-go"

	// ModelVersion is the version of the graph's outside: its inputs and outputs.
	ModelVersion = 1

	// InputName is the graph's input, float32 [N, 3, height, width].
	InputName = "input"
	// OutputName is the graph's first output, float32 [N, embedding].
	OutputName = "embedding"
	// BatchDim is the name of the first dimension, which is free.
	BatchDim = "N"
)

// Options vary what [Encode] writes.
type Options struct {
	// Layers makes the output of every layer an output of the graph, after the
	// embedding and under its tensor's name: for comparing layer by layer.
	Layers bool
	// Float16 keeps kernels and matrices as float16, in half of the bytes, and turns them
	// to float32 before they are used: the file computes in float32. The weights must be
	// those of [RoundFloat16].
	Float16 bool
}

// Encode returns the .onnx file of a network with weights by parameter name
// (each of the parameter's size, row-major) and the contract as metadata. The
// same arguments give the same bytes. The result has passed [Check] and
// [CheckContract]. The error names the parameter or the contract's field that
// is missing, of another size, or not finite.
func Encode(net models.Network, weights map[string][]float32, c Contract, o Options) ([]byte, error) {
	m, err := Build(net, weights, c, o)
	if err != nil {
		return nil, err
	}
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("onnx: encode %s: %w", net.Name, err)
	}
	return data, nil
}

// Build is [Encode] without the last step: the model as a message.
func Build(net models.Network, weights map[string][]float32, c Contract, o Options) (*pb.ModelProto, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	g, err := buildGraph(net, o)
	if err != nil {
		return nil, err
	}
	if g.Initializer, err = initializers(net, weights, o.Float16); err != nil {
		return nil, err
	}
	m := &pb.ModelProto{
		IrVersion:       proto.Int64(IRVersion),
		OpsetImport:     []*pb.OperatorSetIdProto{{Domain: proto.String(""), Version: proto.Int64(Opset)}},
		ProducerName:    proto.String(ProducerName),
		ProducerVersion: proto.String(ProducerVersion),
		Domain:          proto.String(Domain),
		ModelVersion:    proto.Int64(ModelVersion),
		DocString:       proto.String(c.doc()),
		Graph:           g,
	}
	for _, kv := range c.Metadata() {
		m.MetadataProps = append(m.MetadataProps, &pb.StringStringEntryProto{Key: proto.String(kv.Key), Value: proto.String(kv.Value)})
	}
	if err := Check(m); err != nil {
		return nil, fmt.Errorf("%w (in a model of our own making)", err)
	}
	if err := CheckContract(m, c); err != nil {
		return nil, err
	}
	if _, err := Recognize(m); err != nil {
		return nil, err
	}
	return m, nil
}

// buildGraph writes the nodes and the types of all tensors, without the weights.
func buildGraph(net models.Network, o Options) (*pb.GraphProto, error) {
	if len(net.Layers) == 0 || net.Layers[len(net.Layers)-1].Kind != models.FullyConnected {
		return nil, fmt.Errorf("onnx: network %q must end in a fully connected layer, which gives the embedding", net.Name)
	}
	b := builder{
		graph: &pb.GraphProto{
			Name:      proto.String(net.Name),
			DocString: proto.String("A crop's embedding. Each node is named as the layer's part that it computes."),
		},
		last:    InputName,
		shape:   []int{net.Input.C, net.Input.H, net.Input.W},
		outputs: make(map[string]string),
		half:    o.Float16,
	}
	b.graph.Input = []*pb.ValueInfoProto{valueInfo(InputName, b.shape)}
	layers := make([]*pb.ValueInfoProto, 0, len(net.Layers))
	for i, l := range net.Layers {
		last := i == len(net.Layers)-1
		if err := b.layer(l, last); err != nil {
			return nil, fmt.Errorf("onnx: network %s: layer %s: %w", net.Name, l.Name, err)
		}
		if o.Layers && !last {
			// A tensor is declared once: as an output or among the intermediates.
			end := len(b.graph.ValueInfo) - 1
			layers = append(layers, b.graph.ValueInfo[end])
			b.graph.ValueInfo = b.graph.ValueInfo[:end]
		}
	}
	b.graph.Output = append([]*pb.ValueInfoProto{valueInfo(OutputName, b.shape)}, layers...)
	return b.graph, nil
}

// LayerOutput is the name of the tensor that holds a layer's output, in every
// file for the layers before the last one and an output of the graph where
// [Options] asked for it. The last layer's output is [OutputName].
func LayerOutput(net models.Network, layer int) string {
	l := net.Layers[layer]
	switch {
	case layer == len(net.Layers)-1:
		return OutputName
	case l.Kind == models.FullyConnected:
		return l.Name
	case l.Skip != "":
		return l.AddName()
	}
	return l.PReLUName()
}

// builder appends nodes; each reads the tensor last of one image's shape shape.
type builder struct {
	graph   *pb.GraphProto
	last    string
	shape   []int             // without the batch dimension
	outputs map[string]string // output tensor by layer name
	half    bool              // see Options.Float16
}

func (b *builder) layer(l models.Layer, last bool) error {
	switch l.Kind {
	case models.Conv:
		if len(b.shape) != 3 {
			return errors.New("a convolution cannot follow a fully connected layer")
		}
		return b.conv(l)
	case models.FullyConnected:
		return b.fullyConnected(l, last)
	}
	return fmt.Errorf("no ONNX operator is known for a layer that is %s", l.Kind)
}

func (b *builder) conv(l models.Layer) error {
	inputs := []string{b.last, b.weight(l)}
	if l.Bias {
		inputs = append(inputs, l.BiasName())
	}
	k, s, p := int64(l.Kernel), int64(l.Stride), int64(l.Pad)
	out := []int{l.Out.C, l.Out.H, l.Out.W}
	b.node("Conv", l.Name, l.Name, inputs, out,
		ints("dilations", 1, 1), integer("group", 1), ints("kernel_shape", k, k), ints("pads", p, p, p, p), ints("strides", s, s))
	b.node("PRelu", l.PReLUName(), l.PReLUName(), []string{b.last, l.SlopeName()}, out)
	if l.Skip != "" {
		skip, ok := b.outputs[l.Skip]
		if !ok {
			return fmt.Errorf("adds the output of %s, which is no earlier layer", l.Skip)
		}
		b.node("Add", l.AddName(), l.AddName(), []string{b.last, skip}, out)
	}
	b.outputs[l.Name] = b.last
	return nil
}

func (b *builder) fullyConnected(l models.Layer, last bool) error {
	if !l.Bias {
		return errors.New("has no bias, which Gemm needs before opset 11")
	}
	if len(b.shape) != 1 {
		b.node("Flatten", "flatten", "flatten", []string{b.last}, []int{l.In.Size()}, integer("axis", 1))
	}
	inputs := []string{b.last, b.weight(l), l.BiasName()}
	output := l.Name
	if last {
		output = OutputName
	}
	b.node("Gemm", l.Name, output, inputs, []int{l.Out.C},
		float("alpha", 1), float("beta", 1), integer("transA", 0), integer("transB", 1))
	b.outputs[l.Name] = b.last
	return nil
}

// weight gives the float32 tensor of a layer's kernel or matrix.
func (b *builder) weight(l models.Layer) string {
	name := l.WeightName()
	if !b.half {
		return name
	}
	for _, p := range l.Params() {
		if p.Name == name {
			b.graph.Node = append(b.graph.Node, &pb.NodeProto{
				Input: []string{name}, Output: []string{castName(name)}, Name: proto.String(castName(name)), OpType: proto.String(opCast),
				Attribute: []*pb.AttributeProto{integer("to", int64(pb.TensorProto_FLOAT))},
			})
			b.graph.ValueInfo = append(b.graph.ValueInfo, fixedInfo(castName(name), initializerShape(l, p)))
		}
	}
	return castName(name)
}

// node appends a node and, but for the graph's output, its output's type.
func (b *builder) node(op, name, output string, inputs []string, shape []int, attributes ...*pb.AttributeProto) {
	b.graph.Node = append(b.graph.Node, &pb.NodeProto{
		Input: inputs, Output: []string{output}, Name: proto.String(name), OpType: proto.String(op), Attribute: attributes,
	})
	if output != OutputName {
		b.graph.ValueInfo = append(b.graph.ValueInfo, valueInfo(output, shape))
	}
	b.last, b.shape = output, shape
}
