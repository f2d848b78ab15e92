package onnx

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

func node(m *pb.ModelProto, name string) *pb.NodeProto {
	for _, n := range m.Graph.Node {
		if n.GetName() == name {
			return n
		}
	}
	panic("no node " + name)
}

func tensor(m *pb.ModelProto, name string) *pb.TensorProto {
	for _, t := range m.Graph.Initializer {
		if t.GetName() == name {
			return t
		}
	}
	panic("no initialiser " + name)
}

func attribute(n *pb.NodeProto, name string) *pb.AttributeProto {
	for _, a := range n.Attribute {
		if a.GetName() == name {
			return a
		}
	}
	panic("no attribute " + name)
}

func declaration(list []*pb.ValueInfoProto, name string) *pb.TypeProto_Tensor {
	for _, v := range list {
		if v.GetName() == name {
			return v.GetType().GetTensorType()
		}
	}
	panic("no declaration of " + name)
}

func setDim(t *pb.TypeProto_Tensor, i int, size int64) {
	t.Shape.Dim[i] = &pb.TensorShapeProto_Dimension{Value: &pb.TensorShapeProto_Dimension_DimValue{DimValue: size}}
}

// unknownField is field 100 of any message.
var unknownField = protowire.AppendVarint(protowire.AppendTag(nil, 100, protowire.VarintType), 1)

// Each way to break a model has an error of its own, which names the part.
var mutations = []struct {
	name   string
	damage func(m *pb.ModelProto)
	want   string
}{
	{"no graph", func(m *pb.ModelProto) { m.Graph = nil }, "onnx: the model has no graph"},
	{"no IR version", func(m *pb.ModelProto) { m.IrVersion = nil }, "onnx: IR version 0: want 4 to 14"},
	{"IR version of the future", func(m *pb.ModelProto) { m.IrVersion = proto.Int64(99) }, "onnx: IR version 99: want 4 to 14"},
	{"no opset", func(m *pb.ModelProto) { m.OpsetImport = nil }, "onnx: the model imports 0 operator sets, want one"},
	{"old opset", func(m *pb.ModelProto) { m.OpsetImport[0].Version = proto.Int64(8) }, "onnx: opset 8: want 9 to 28"},
	{"foreign opset", func(m *pb.ModelProto) { m.OpsetImport[0].Domain = proto.String("ai.onnx.ml") }, `onnx: the model imports the operator set "ai.onnx.ml", want ONNX's own`},
	{"no producer", func(m *pb.ModelProto) { m.ProducerName = nil }, "onnx: the model does not name its producer"},
	{"doc of bytes", func(m *pb.ModelProto) { m.DocString = proto.String("\xff") }, `onnx: "\xff" is no UTF-8 text`},
	{"metadata twice", func(m *pb.ModelProto) { m.MetadataProps = append(m.MetadataProps, m.MetadataProps[0]) }, "onnx: metadata key alignment is there twice"},
	{"metadata without key", func(m *pb.ModelProto) { m.MetadataProps[0].Key = nil }, "onnx: a metadata entry has no key"},
	{"metadata of bytes", func(m *pb.ModelProto) { m.MetadataProps[0].Value = proto.String("\xff") }, `onnx: metadata entry "alignment" is no UTF-8 text`},
	{"unknown field in the model", func(m *pb.ModelProto) { m.ProtoReflect().SetUnknown(unknownField) }, "onnx: ModelProto has field 100, which sphereface does not write"},
	{"unknown field in an attribute", func(m *pb.ModelProto) { m.Graph.Node[0].Attribute[0].ProtoReflect().SetUnknown(unknownField) }, "onnx: AttributeProto has field 100, which sphereface does not write"},

	{"no graph name", func(m *pb.ModelProto) { m.Graph.Name = nil }, "onnx: graph name is empty"},
	{"graph name with a space", func(m *pb.ModelProto) { m.Graph.Name = proto.String("sphere face") }, `onnx: graph name "sphere face" is no C identifier of at most 200 letters`},
	{"no input", func(m *pb.ModelProto) { m.Graph.Input = nil }, "onnx: the graph has no input"},
	{"no output", func(m *pb.ModelProto) { m.Graph.Output = nil }, "onnx: the graph has no output"},
	{"no nodes", func(m *pb.ModelProto) { m.Graph.Node = nil }, "onnx: the graph has no nodes"},
	{"input without type", func(m *pb.ModelProto) { m.Graph.Input[0].Type = nil }, "onnx: input input has no element type"},
	{"input of doubles", func(m *pb.ModelProto) { declaration(m.Graph.Input, "input").ElemType = proto.Int32(11) }, "onnx: input input has element type 11, want 1 (float32)"},
	{"input without shape", func(m *pb.ModelProto) { declaration(m.Graph.Input, "input").Shape = nil }, "onnx: input input has no shape"},
	{"input of nine dimensions", func(m *pb.ModelProto) {
		s := declaration(m.Graph.Input, "input").Shape
		s.Dim = slices.Repeat(s.Dim[:1], 9)
	}, "onnx: input input has 9 dimensions, want at most 8"},
	{"input of size 0", func(m *pb.ModelProto) { setDim(declaration(m.Graph.Input, "input"), 2, 0) }, "onnx: input input: dimension 2 is 0, want at least 1"},
	{"dimension without size", func(m *pb.ModelProto) { declaration(m.Graph.Input, "input").Shape.Dim[1].Value = nil }, "onnx: input input: dimension 1 has neither a size nor a name"},
	{"dimension of a bad name", func(m *pb.ModelProto) {
		declaration(m.Graph.Input, "input").Shape.Dim[0].Value = &pb.TensorShapeProto_Dimension_DimParam{DimParam: "batch size"}
	}, `onnx: input input: dimension 0 has the name "batch size", which is no C identifier`},
	{"free height", func(m *pb.ModelProto) {
		declaration(m.Graph.Input, "input").Shape.Dim[2].Value = &pb.TensorShapeProto_Dimension_DimParam{DimParam: "H"}
	}, "onnx: node conv1 (Conv): dimension H of shape [N,3,H,96] must be fixed"},
	{"input unused", func(m *pb.ModelProto) {
		v := proto.CloneOf(m.Graph.Input[0])
		v.Name = proto.String("second")
		m.Graph.Input = append(m.Graph.Input, v)
	}, "onnx: input second is used by no node"},

	{"initialiser twice", func(m *pb.ModelProto) { m.Graph.Initializer = append(m.Graph.Initializer, m.Graph.Initializer[0]) }, "onnx: initialiser conv1_weight: another tensor has this name"},
	{"initialiser named as the input", func(m *pb.ModelProto) { tensor(m, "conv1_bias").Name = proto.String("input") }, "onnx: initialiser input: another tensor has this name"},
	{"initialiser without name", func(m *pb.ModelProto) { tensor(m, "conv1_bias").Name = nil }, "onnx: initialiser is empty"},
	{"initialiser of a bad name", func(m *pb.ModelProto) { tensor(m, "conv1_bias").Name = proto.String("conv1.bias") }, `onnx: initialiser "conv1.bias" is no C identifier of at most 200 letters`},
	{"initialiser without type", func(m *pb.ModelProto) { tensor(m, "conv1_bias").DataType = nil }, "onnx: tensor conv1_bias has no data type"},
	{"initialiser of whole numbers", func(m *pb.ModelProto) { tensor(m, "conv1_bias").DataType = proto.Int32(7) }, "onnx: tensor conv1_bias has data type 7, want 1 (float32) or 10 (float16)"},
	{"initialiser too short", func(m *pb.ModelProto) { t := tensor(m, "fc5_weight"); t.RawData = t.RawData[4:] }, "onnx: tensor fc5_weight of shape [32 1344] has 172028 bytes of data, want 172032"},
	{"initialiser empty", func(m *pb.ModelProto) { tensor(m, "fc5_weight").RawData = nil }, "onnx: tensor fc5_weight of shape [32 1344] has 0 elements of data, want 43008"},
	{"initialiser twice filled", func(m *pb.ModelProto) { tensor(m, "conv1_bias").FloatData = make([]float32, 4) }, "onnx: tensor conv1_bias keeps its data twice, in raw_data and float_data"},
	{"initialiser in another file", func(m *pb.ModelProto) { tensor(m, "conv1_bias").DataLocation = pb.TensorProto_EXTERNAL.Enum() }, "onnx: tensor conv1_bias keeps its data in another file: save the model as one file"},
	{"initialiser of negative size", func(m *pb.ModelProto) { tensor(m, "conv1_bias").Dims = []int64{-4} }, "onnx: tensor conv1_bias has the impossible shape [-4]"},
	{"initialiser of overflowing size", func(m *pb.ModelProto) { tensor(m, "conv1_bias").Dims = []int64{1 << 32, 1 << 32, 4} }, "onnx: tensor conv1_bias has the impossible shape [4294967296 4294967296 4]"},
	{"initialiser of nothing", func(m *pb.ModelProto) { t := tensor(m, "conv1_bias"); t.Dims, t.RawData = []int64{0}, nil }, "onnx: initialiser conv1_bias of shape [0] is empty"},
	{"initialiser of nine dimensions", func(m *pb.ModelProto) { tensor(m, "conv1_bias").Dims = []int64{4, 1, 1, 1, 1, 1, 1, 1, 1} }, "onnx: tensor conv1_bias has 9 dimensions, want at most 8"},
	{"initialiser unused", func(m *pb.ModelProto) {
		t := proto.CloneOf(tensor(m, "conv1_bias"))
		t.Name = proto.String("left_over")
		m.Graph.Initializer = append(m.Graph.Initializer, t)
	}, "onnx: initialiser left_over is used by no node"},
	{"initialiser missing", func(m *pb.ModelProto) { m.Graph.Initializer = m.Graph.Initializer[1:] }, "onnx: node conv1 (Conv): input conv1_weight is given by no node, initialiser or input"},

	{"node without name", func(m *pb.ModelProto) { node(m, "prelu2").Name = nil }, "onnx: node name is empty"},
	{"node of a bad name", func(m *pb.ModelProto) { node(m, "prelu2").Name = proto.String("2") }, `onnx: node name "2" is no C identifier of at most 200 letters`},
	{"two nodes of a name", func(m *pb.ModelProto) { node(m, "prelu2").Name = proto.String("prelu1") }, "onnx: two nodes are named prelu1"},
	{"unknown operator", func(m *pb.ModelProto) { node(m, "prelu2").OpType = proto.String("Relu") }, "onnx: node prelu2 (Relu): sphereface writes no such operator"},
	{"no operator", func(m *pb.ModelProto) { node(m, "prelu2").OpType = nil }, `onnx: node prelu2 (""): sphereface writes no such operator`},
	{"foreign operator", func(m *pb.ModelProto) { node(m, "prelu2").Domain = proto.String("com.microsoft") }, `onnx: node prelu2 (PRelu): operator domain "com.microsoft" is not imported`},
	{"nodes out of order", func(m *pb.ModelProto) { n := m.Graph.Node; n[2], n[3] = n[3], n[2] }, "onnx: node prelu2 (PRelu): input conv2 is the output of node conv2, which does not come before it"},
	{"a cycle", func(m *pb.ModelProto) { node(m, "conv2").Input[0] = "prelu2" }, "onnx: node conv2 (Conv): input prelu2 is the output of node prelu2, which does not come before it"},
	{"input undefined", func(m *pb.ModelProto) { node(m, "conv2").Input[0] = "nothing" }, "onnx: node conv2 (Conv): input nothing is given by no node, initialiser or input"},
	{"too few inputs", func(m *pb.ModelProto) { n := node(m, "prelu2"); n.Input = n.Input[:1] }, "onnx: node prelu2 (PRelu): has 1 inputs, want 2 to 2"},
	{"Gemm without bias in opset 9", func(m *pb.ModelProto) { n := node(m, "fc5"); n.Input = n.Input[:2] }, "onnx: node fc5 (Gemm): has 2 inputs, want 3 to 3"},
	{"no outputs", func(m *pb.ModelProto) { node(m, "prelu2").Output = nil }, "onnx: node prelu2 (PRelu): has 0 outputs, want one"},
	{"output twice", func(m *pb.ModelProto) { node(m, "prelu2").Output[0] = "conv2" }, "onnx: node prelu2 (PRelu): output conv2: another tensor has this name"},
	{"output of a bad name", func(m *pb.ModelProto) { node(m, "prelu2").Output[0] = "prelu 2" }, `onnx: node prelu2 (PRelu): output "prelu 2" is no C identifier of at most 200 letters`},
	{"output unused", func(m *pb.ModelProto) {
		extra := &pb.NodeProto{Name: proto.String("extra"), OpType: proto.String("Add"), Input: []string{"conv1", "prelu1"}, Output: []string{"extra"}}
		m.Graph.Node = append(m.Graph.Node, extra)
		m.Graph.ValueInfo = append(m.Graph.ValueInfo, valueInfo("extra", []int{4, 56, 48}))
	}, "onnx: node extra: output extra is used by no node and is no output of the graph"},
	{"graph output missing", func(m *pb.ModelProto) {
		m.Graph.Output = append(m.Graph.Output, valueInfo("logits", []int{10}))
	}, "onnx: output logits is given by no node"},
	{"graph output twice", func(m *pb.ModelProto) { m.Graph.Output = append(m.Graph.Output, m.Graph.Output[0]) }, "onnx: output embedding is declared twice"},
	{"graph output is the input", func(m *pb.ModelProto) { m.Graph.Output = append(m.Graph.Output, m.Graph.Input[0]) }, "onnx: output input: an input or initialiser has this name"},

	{"attribute unknown", func(m *pb.ModelProto) { attribute(node(m, "conv1"), "group").Name = proto.String("groups") }, "onnx: node conv1 (Conv): attribute groups is not known"},
	{"attribute twice", func(m *pb.ModelProto) { n := node(m, "conv1"); n.Attribute = append(n.Attribute, n.Attribute[0]) }, "onnx: node conv1 (Conv): attribute dilations is there twice"},
	{"attribute of wrong type", func(m *pb.ModelProto) { attribute(node(m, "conv1"), "strides").Type = pb.AttributeProto_INT.Enum() }, "onnx: node conv1 (Conv): attribute strides has type INT, want INTS"},
	{"attribute without type", func(m *pb.ModelProto) { attribute(node(m, "fc5"), "alpha").Type = nil }, "onnx: node fc5 (Gemm): attribute alpha has type UNDEFINED, want FLOAT"},
	{"attribute without value", func(m *pb.ModelProto) { attribute(node(m, "fc5"), "transB").I = nil }, "onnx: node fc5 (Gemm): attribute transB of type INT does not hold exactly one value of that type"},
	{"attribute with two values", func(m *pb.ModelProto) { attribute(node(m, "fc5"), "transB").F = proto.Float32(1) }, "onnx: node fc5 (Gemm): attribute transB of type INT does not hold exactly one value of that type"},
	{"attribute out of range", func(m *pb.ModelProto) { attribute(node(m, "conv1"), "pads").Ints[0] = 1 << 40 }, "onnx: node conv1 (Conv): attribute pads is 1099511627776, which is out of range"},
	{"attribute endless", func(m *pb.ModelProto) { attribute(node(m, "conv1"), "pads").Ints = make([]int64, 1000) }, "onnx: node conv1 (Conv): attribute pads has 1000 values"},
	{"three strides", func(m *pb.ModelProto) { attribute(node(m, "conv1"), "strides").Ints = []int64{2, 2, 2} }, "onnx: node conv1 (Conv): attribute strides has 3 values, want 2"},
	{"stride 0", func(m *pb.ModelProto) { attribute(node(m, "conv1"), "strides").Ints[1] = 0 }, "onnx: node conv1 (Conv): attribute strides is [2 0], want values of at least 1"},
	{"negative padding", func(m *pb.ModelProto) { attribute(node(m, "conv1"), "pads").Ints[2] = -1 }, "onnx: node conv1 (Conv): attribute pads is [1 1 -1 1], want values of at least 0"},
	{"kernel_shape of another weight", func(m *pb.ModelProto) { attribute(node(m, "conv1"), "kernel_shape").Ints[0] = 5 }, "onnx: node conv1 (Conv): kernel_shape is [5 3] but the weight's kernel is [3 3]"},
	{"groups that do not fit", func(m *pb.ModelProto) { attribute(node(m, "conv2"), "group").I = proto.Int64(2) }, "onnx: node conv2 (Conv): input of shape [N,4,56,48], weight of shape [8,4,3,3] and group 2 do not fit"},
	{"dilated out of the image", func(m *pb.ModelProto) { attribute(node(m, "conv4"), "dilations").Ints[1] = 99 }, "onnx: node conv4 (Conv): the kernel [3 3] is larger than the padded input [14 12]"},
	{"flatten beyond the rank", func(m *pb.ModelProto) { attribute(node(m, "flatten"), "axis").I = proto.Int64(5) }, "onnx: node flatten (Flatten): attribute axis is 5, want 0 to 4 for an input of shape [N,32,7,6]"},
	{"flatten over the batch", func(m *pb.ModelProto) { attribute(node(m, "flatten"), "axis").I = proto.Int64(2) }, "onnx: node flatten (Flatten): dimension N of shape [N,32] must be fixed"},

	{"weight of another rank", func(m *pb.ModelProto) { tensor(m, "conv1_weight").Dims = []int64{4, 27} }, "onnx: node conv1 (Conv): input of shape [N,3,112,96] and weight of shape [4,27]: want the same rank, at least 3"},
	{"bias of another size", func(m *pb.ModelProto) { node(m, "conv1").Input[2] = "conv2_bias" }, "onnx: node conv1 (Conv): bias of shape [8], want [4]"},
	{"slope without spatial dimensions", func(m *pb.ModelProto) { tensor(m, "prelu1_slope").Dims = []int64{4} }, "onnx: node prelu1 (PRelu): slope of shape [4] does not broadcast to the input's [N,4,56,48]"},
	{"slope larger than the input", func(m *pb.ModelProto) { tensor(m, "prelu1_slope").Dims = []int64{1, 1, 4, 1, 1} }, "onnx: node prelu1 (PRelu): slope of shape [1,1,4,1,1] does not broadcast to the input's [N,4,56,48]"},
	{"Gemm not transposed", func(m *pb.ModelProto) { attribute(node(m, "fc5"), "transB").I = proto.Int64(0) }, "onnx: node fc5 (Gemm): matrices of shapes [N,1344] and [32,1344] do not multiply"},
	{"Gemm of a map", func(m *pb.ModelProto) { node(m, "fc5").Input[0] = "prelu4" }, "onnx: node fc5 (Gemm): inputs of shapes [N,32,7,6] and [32,1344]: want two matrices"},
	{"Gemm's bias of another size", func(m *pb.ModelProto) { node(m, "fc5").Input[2] = "conv1_bias" }, "onnx: node fc5 (Gemm): bias of shape [4] does not broadcast to [N,32]"},
	{"shape not declared", func(m *pb.ModelProto) { m.Graph.ValueInfo = m.Graph.ValueInfo[1:] }, "onnx: node conv1 (Conv): output conv1 has no declared shape (value_info)"},
	{"shape declared wrong", func(m *pb.ModelProto) { setDim(declaration(m.Graph.ValueInfo, "prelu2"), 2, 29) }, "onnx: node prelu2 (PRelu): output prelu2 is declared as [N,8,29,24] but computes [N,8,28,24]"},
	{"embedding declared wrong", func(m *pb.ModelProto) { setDim(declaration(m.Graph.Output, "embedding"), 1, 512) }, "onnx: node fc5 (Gemm): output embedding is declared as [N,512] but computes [N,32]"},
	{"shape of nothing", func(m *pb.ModelProto) { m.Graph.ValueInfo = append(m.Graph.ValueInfo, valueInfo("ghost", nil)) }, "onnx: value_info ghost describes a tensor that no node gives"},
	{"shape declared twice", func(m *pb.ModelProto) { m.Graph.ValueInfo = append(m.Graph.ValueInfo, m.Graph.ValueInfo[0]) }, "onnx: value_info conv1 is declared twice"},
	{"stride of another network", func(m *pb.ModelProto) { attribute(node(m, "conv1"), "strides").Ints = []int64{1, 1} }, "onnx: node conv1 (Conv): output conv1 is declared as [N,4,56,48] but computes [N,4,112,96]"},
}

func TestCheckMutations(t *testing.T) {
	whole := build(t, "sphereface4", Options{})
	seen := make(map[string]string)
	for _, test := range mutations {
		t.Run(test.name, func(t *testing.T) {
			m := proto.CloneOf(whole)
			test.damage(m)
			err := Check(m)
			if err == nil || err.Error() != test.want {
				t.Fatalf("error\n%v\nwant\n%s", err, test.want)
			}
			if other, ok := seen[test.want]; ok && !strings.Contains(test.name, "two values") {
				t.Errorf("the same error as for %s", other)
			}
			seen[test.want] = test.name
		})
	}
	if err := Check(whole); err != nil {
		t.Errorf("the model that was broken in copies is no longer whole: %v", err)
	}
}

// Skip connections must have the shape of what they are added to.
func TestCheckResidualShapes(t *testing.T) {
	m := build(t, "sphereface10", Options{})
	node(m, "res2_3").Input[1] = "prelu1_1"
	want := "onnx: node res2_3 (Add): shapes [N,8,28,24] and [N,4,56,48] do not fit"
	if err := Check(m); err == nil || err.Error() != want {
		t.Errorf("error\n%v\nwant\n%s", err, want)
	}
}

// Attributes that are left out have ONNX's defaults, and later opsets mean the same.
func TestCheckDefaultsAndOpsets(t *testing.T) {
	m := build(t, "sphereface10", Options{})
	for _, n := range m.Graph.Node {
		n.Attribute = slices.DeleteFunc(n.Attribute, func(a *pb.AttributeProto) bool {
			return slices.Contains([]string{"dilations", "group", "kernel_shape", "axis", "alpha", "beta", "transA"}, a.GetName())
		})
	}
	for _, opset := range []int64{9, 11, 17, 28} {
		m.OpsetImport[0].Version = proto.Int64(opset)
		if err := Check(m); err != nil {
			t.Errorf("opset %d: %v", opset, err)
		}
	}
}
