package onnxgo

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/onnx/pb"
	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// encode is the .onnx file of a narrow member of the family.
func encode(t testing.TB, name string) (models.Network, map[string][]float32, []byte) {
	t.Helper()
	const width, embedding = 1.0 / 32, 8
	net, err := models.New(name, models.Options{Width: width, Embedding: embedding})
	if err != nil {
		t.Fatal(err)
	}
	weights := net.Initialize(7)
	model, err := onnx.Encode(net, weights, onnx.Contract{
		Network: name, Width: width, Embedding: embedding,
		CropHeight: face.CropHeight, CropWidth: face.CropWidth, Mean: face.PixelMean, Std: face.PixelScale,
		Template: face.Template(), Alignment: string(face.AlignFixed), Mirror: true,
		TrainingData: "none", TrainingResult: "not validated", ConfigSHA256: strings.Repeat("0", 64),
	}, onnx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return net, weights, model
}

func input(n int) []float32 {
	x := make([]float32, n*face.CropSize)
	for i := range x {
		x[i] = float32(math.Sin(float64(i)))
	}
	return x
}

// The graph that comes back computes what the network's own graph computes, to
// the bit: the same kernels on the same numbers in the same order.
func TestReadComputesTheNetwork(t *testing.T) {
	for _, name := range []string{"sphereface4", "sphereface10"} {
		for _, n := range []int{1, 3} {
			net, weights, model := encode(t, name)
			want, err := graph.NewExtractor(net, weights, n, 2)
			if err != nil {
				t.Fatal(err)
			}
			m, err := Read(model, n, 2)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.Output("prelu1"); err == nil && name == "sphereface4" {
				t.Error("a value is there before the first run")
			}
			x := input(n)
			for range 2 { // a second run must not see the first
				a, err := want.Run(x)
				if err != nil {
					t.Fatal(err)
				}
				b, err := m.Run(x)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(a, b) || len(a) != n*8 {
					t.Errorf("%s, %d crops: embeddings differ", name, n)
				}
				for i, l := range net.Layers {
					out, err := m.Output(onnx.LayerOutput(net, i))
					if err != nil {
						t.Fatal(err)
					}
					if !slices.Equal(out, want.Layer(l.Name)) {
						t.Errorf("%s, %d crops: layer %s differs", name, n, l.Name)
					}
				}
				x[0]++
			}
			if _, err := m.Run(x[1:]); err == nil {
				t.Error("an input of another size is taken")
			}
			if err := m.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestReadWeights(t *testing.T) {
	net, weights, model := encode(t, "sphereface10")
	got, metadata, err := ReadWeights(model)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.EqualFunc(weights, got, slices.Equal) {
		t.Error("the weights are not those that were written")
	}
	if err := net.CheckWeights(got); err != nil {
		t.Error(err)
	}
	if metadata["network"] != "sphereface10" {
		t.Errorf("metadata %v", metadata)
	}
}

// change decodes the model, applies f to its graph, and encodes it again.
func change(t *testing.T, model []byte, f func(*pb.GraphProto)) []byte {
	t.Helper()
	m, err := onnx.Decode(model)
	if err != nil {
		t.Fatal(err)
	}
	f(m.Graph)
	data, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func node(g *pb.GraphProto, name string) *pb.NodeProto {
	return g.Node[slices.IndexFunc(g.Node, func(n *pb.NodeProto) bool { return n.GetName() == name })]
}

func attribute(g *pb.GraphProto, name, attr string) *pb.AttributeProto {
	list := node(g, name).Attribute
	return list[slices.IndexFunc(list, func(a *pb.AttributeProto) bool { return a.GetName() == attr })]
}

// Whatever our files do not hold is an error of one line that says where it is.
// Some of these models are valid ONNX; then the error is this package's own.
func TestReadRefuses(t *testing.T) {
	_, _, model := encode(t, "sphereface10")
	tests := []struct {
		name   string
		change func(*pb.GraphProto)
		want   []string
	}{
		{"operator", func(g *pb.GraphProto) { node(g, "prelu1_1").OpType = proto.String("LeakyRelu") }, []string{"prelu1_1", "LeakyRelu"}},
		{"dilation", func(g *pb.GraphProto) {
			attribute(g, "conv2_2", "dilations").Ints = []int64{2, 2}
			attribute(g, "conv2_2", "pads").Ints = []int64{2, 2, 2, 2}
		}, []string{"conv2_2", "Conv", "dilations"}},
		{"uneven padding", func(g *pb.GraphProto) { attribute(g, "conv2_2", "pads").Ints = []int64{0, 2, 2, 0} }, []string{"conv2_2", "Conv", "pads"}},
		{"alpha", func(g *pb.GraphProto) { attribute(g, "fc5", "alpha").F = proto.Float32(2) }, []string{"fc5", "Gemm", "alpha"}},
		{"attribute that is not known", func(g *pb.GraphProto) {
			n := node(g, "res2_3")
			n.Attribute = append(n.Attribute, &pb.AttributeProto{Name: proto.String("axis"), I: proto.Int64(1), Type: pb.AttributeProto_INT.Enum()})
		}, []string{"res2_3", "axis"}},
		{"slope of one value", func(g *pb.GraphProto) {
			for _, i := range g.Initializer {
				if i.GetName() == "prelu1_1_slope" {
					i.Dims, i.RawData = []int64{1}, i.RawData[:4]
				}
			}
		}, []string{"prelu1_1", "PRelu", "prelu1_1_slope", "shape"}},
		{"order of nodes", func(g *pb.GraphProto) { g.Node[0], g.Node[1] = g.Node[1], g.Node[0] }, []string{"prelu1_1"}},
		{"a node that needs itself", func(g *pb.GraphProto) { node(g, "res2_3").Input[1] = "res2_3" }, []string{"res2_3"}},
		{"two inputs", func(g *pb.GraphProto) {
			second := proto.CloneOf(g.Input[0])
			second.Name = proto.String("mask")
			g.Input = append(g.Input, second)
		}, []string{"input"}},
		{"no nodes", func(g *pb.GraphProto) { g.Node = nil }, []string{"onnx"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changed := change(t, model, tt.change)
			_, err := Read(changed, 1, 1)
			if err == nil {
				t.Fatal("it is read")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of several lines: %q", err)
			}
		})
	}
	for _, bad := range [][2]int{{0, 1}, {1, 0}, {-1, 1}} {
		if _, err := Read(model, bad[0], bad[1]); err == nil {
			t.Errorf("batch %d and threads %d are taken", bad[0], bad[1])
		}
	}
}

// An addition may take one value twice, which onnx-go's graph of edges cannot
// tell from taking it once.
func TestAddToItself(t *testing.T) {
	_, _, model := encode(t, "sphereface10")
	model = change(t, model, func(g *pb.GraphProto) {
		add := node(g, "res2_3")
		add.Input[1] = add.Input[0]
	})
	m, err := Read(model, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Run(input(1)); err != nil {
		t.Fatal(err)
	}
	x, err := m.Output("prelu2_3")
	if err != nil {
		t.Fatal(err)
	}
	twice, err := m.Output("res2_3")
	if err != nil {
		t.Fatal(err)
	}
	for i := range x {
		if twice[i] != 2*x[i] {
			t.Fatalf("value %d: %g + %g is %g", i, x[i], x[i], twice[i])
		}
	}
}

// ONNX lets a convolution leave out kernel_shape: the weight tells it.
func TestKernelShapeFromWeight(t *testing.T) {
	_, _, model := encode(t, "sphereface4")
	without := change(t, model, func(g *pb.GraphProto) {
		conv := node(g, "conv1")
		conv.Attribute = slices.DeleteFunc(conv.Attribute, func(a *pb.AttributeProto) bool { return a.GetName() == "kernel_shape" })
	})
	var outputs [2][]float32
	for i, data := range [][]byte{model, without} {
		m, err := Read(data, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		y, err := m.Run(input(1))
		if err != nil {
			t.Fatal(err)
		}
		outputs[i] = slices.Clone(y)
	}
	if !slices.Equal(outputs[0], outputs[1]) {
		t.Error("the embeddings differ")
	}
}

func TestReadTruncated(t *testing.T) {
	_, _, model := encode(t, "sphereface4")
	for n := 0; n < len(model); n += 1 + len(model)/50 {
		if _, err := Read(model[:n], 1, 1); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("cut after %d bytes: error %v", n, err)
		}
		if _, _, err := ReadWeights(model[:n]); err == nil {
			t.Errorf("cut after %d bytes: the weights are read", n)
		}
	}
}

// FuzzRead looks for damage that panics, or that is read and does not run.
func FuzzRead(f *testing.F) {
	_, _, model := encode(f, "sphereface4")
	f.Add(model)
	f.Add(model[:len(model)/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(data, 1, 1)
		if err != nil {
			return
		}
		x := make([]float32, len(m.x))
		if _, err := m.Run(x); err != nil {
			t.Errorf("it is read and does not run: %v", err)
		}
	})
}
