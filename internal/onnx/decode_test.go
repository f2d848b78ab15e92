package onnx

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

func TestDecodeErrors(t *testing.T) {
	whole := encode(t, "sphereface4", Options{})
	headless, err := proto.Marshal(&pb.ModelProto{IrVersion: proto.Int64(4), ProducerName: proto.String("x")})
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(whole)
	at := bytes.Index(damaged, []byte("conv1_weight")) - 1 // the length of a name inside the graph
	damaged[at] = 0xff
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "onnx: the file has 0 bytes"},
		{"half", whole[:len(whole)/2], "onnx: the file is truncated after 100073 bytes"},
		{"one byte short", whole[:len(whole)-1], "onnx: the file is truncated after 200145 bytes"},
		{"cut at a field", headless, "onnx: the file has no graph: it is truncated or no ONNX model"},
		{"one field", whole[:2], "onnx: the file has no graph"},
		{"no versions", headless[2:], "onnx: the file has no IR version"},
		{"damaged", damaged, "onnx: the file is damaged"},
		{"JPEG", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), "onnx: this is no ONNX model (byte 0"},
		{"PNG", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"), "onnx: this is no ONNX model (byte 0"},
		{"zip", []byte("PK\x03\x04\x14\x00\x00\x00\x08\x00"), "onnx: this is no ONNX model (byte 0"},
		{"text", []byte("hello, world\n"), "onnx: this is no ONNX model (byte 0"},
		{"HTML", []byte("<!DOCTYPE html><html>"), "onnx: this is no ONNX model (byte 0"},
		{"JSON", []byte(`{"error":"not found"}`), "onnx: this is no ONNX model (byte 0"},
		{"safetensors", append([]byte{0x40, 0, 0, 0, 0, 0, 0, 0}, `{"__metadata__":{}}`...), "onnx: this is no ONNX model (byte 0"},
		{"zeros", make([]byte, 64), "onnx: this is no ONNX model (byte 0"},
	}
	for _, test := range tests {
		_, err := Decode(test.data)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want one line that begins with %q", test.name, err, test.want)
		}
	}
}

// Cut anywhere, a file is an error of Decode, or what is left lacks metadata.
func TestTruncatedAnywhere(t *testing.T) {
	whole := encode(t, "sphereface4", Options{})
	for n := 0; n < len(whole); n += max(1, min(n, len(whole)-n)/16) {
		m, err := Decode(whole[:n])
		if err != nil {
			continue
		}
		if err = Check(m); err == nil {
			_, err = ParseContract(Metadata(m))
		}
		if err == nil {
			t.Errorf("the first %d of %d bytes pass for a whole model", n, len(whole))
		}
	}
}

func TestWeightsErrors(t *testing.T) {
	m := build(t, "sphereface4", Options{})
	tensor(m, "conv2_bias").Name = proto.String("conv1_bias")
	if _, err := Weights(m); err == nil || err.Error() != `onnx: two initialisers are named "conv1_bias": export the model again` {
		t.Errorf("error %v", err)
	}
	m = build(t, "sphereface4", Options{})
	tensor(m, "conv2_bias").DataType = proto.Int32(7)
	if _, err := Weights(m); err == nil || err.Error() != "onnx: tensor conv2_bias has data type 7, want 1 (float32) or 10 (float16)" {
		t.Errorf("error %v", err)
	}
}

func TestRecognizeErrors(t *testing.T) {
	set := func(m *pb.ModelProto, key, value string) {
		for _, p := range m.MetadataProps {
			if p.GetKey() == key {
				p.Value = proto.String(value)
			}
		}
	}
	const is4 = "onnx: the metadata says sphereface4 of width 0.0625 and embedding 32, but "
	tests := []struct {
		name   string
		damage func(m *pb.ModelProto)
		want   string
	}{
		{"no metadata", func(m *pb.ModelProto) { m.MetadataProps = nil }, "onnx: metadata key network is missing: give a model that sphereface exported"},
		{"another family", func(m *pb.ModelProto) { set(m, "network", "vgg16") }, `onnx: metadata key network is "vgg16", want one of`},
		{"width too large", func(m *pb.ModelProto) { set(m, "network_width", "1000") }, "onnx: metadata: models: width 1000"},
		{"another member", func(m *pb.ModelProto) { set(m, "network", "sphereface10") }, "onnx: the metadata says sphereface10 of width 0.0625 and embedding 32, but the graph has 10 nodes"},
		{"another width", func(m *pb.ModelProto) { set(m, "network_width", "0.125") }, "onnx: the metadata says sphereface4 of width 0.125 and embedding 32, but initialiser conv1_weight has shape [4 3 3 3], want [8 3 3 3]"},
		{"another embedding", func(m *pb.ModelProto) { set(m, "embedding_size", "64") }, "onnx: the metadata says sphereface4 of width 0.0625 and embedding 64, but initialiser fc5_weight has shape [32 1344], want [64 1344]"},
		{"another stride", func(m *pb.ModelProto) { attribute(node(m, "conv2"), "strides").Ints = []int64{1, 1} }, is4 + "node conv2 (Conv) differs from node conv2 (Conv) of that network"},
		{"weights swapped", func(m *pb.ModelProto) { node(m, "conv1").Input[2] = "prelu1_slope" }, is4 + "node conv1 (Conv) differs"},
		{"initialiser missing", func(m *pb.ModelProto) { m.Graph.Initializer = m.Graph.Initializer[1:] }, is4 + "initialiser conv1_weight is missing"},
		{"initialiser too many", func(m *pb.ModelProto) {
			extra := proto.CloneOf(m.Graph.Initializer[0])
			extra.Name = proto.String("head_weight")
			m.Graph.Initializer = append(m.Graph.Initializer, extra)
		}, is4 + "initialiser head_weight is not part of it"},
	}
	for _, test := range tests {
		m := build(t, "sphereface4", Options{})
		test.damage(m)
		_, err := Recognize(m)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: error\n%v\nwant\n%s", test.name, err, test.want)
		}
	}
	m := build(t, "sphereface4", Options{})
	a := node(m, "conv1").Attribute
	a[0], a[4] = a[4], a[0]
	if _, err := Recognize(m); err != nil {
		t.Errorf("attributes in another order: %v", err)
	}
}

func TestCheckContractErrors(t *testing.T) {
	c := contract(network(t, "sphereface4"))
	tests := []struct {
		name   string
		damage func(m *pb.ModelProto, c *Contract)
		want   string
	}{
		{"two inputs", func(m *pb.ModelProto, _ *Contract) { m.Graph.Input = append(m.Graph.Input, m.Graph.Input[0]) }, "onnx: the graph has 2 inputs and 1 outputs"},
		{"input of another name", func(m *pb.ModelProto, _ *Contract) { m.Graph.Input[0].Name = proto.String("data") }, "onnx: the graph's input is data [N,3,112,96], but the metadata says input [N,3,112,96]"},
		{"another crop", func(_ *pb.ModelProto, c *Contract) { c.CropWidth = 112 }, "onnx: the graph's input is input [N,3,112,96], but the metadata says input [N,3,112,112]"},
		{"fixed batch", func(m *pb.ModelProto, _ *Contract) { setDim(declaration(m.Graph.Input, "input"), 0, 1) }, "onnx: the graph's input is input [1,3,112,96], but"},
		{"another embedding", func(_ *pb.ModelProto, c *Contract) { c.Embedding = 512 }, "onnx: the graph's output is embedding [N,32], but the metadata says embedding [N,512]"},
	}
	for _, test := range tests {
		m, c := build(t, "sphereface4", Options{}), c
		test.damage(m, &c)
		if err := CheckContract(m, c); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: error\n%v\nwant\n%s", test.name, err, test.want)
		}
	}
}

// FuzzDecode feeds damaged files to every reader of the package. None may panic,
// every complaint is one readable line, and what passes holds a whole network.
func FuzzDecode(f *testing.F) {
	whole, err := os.ReadFile(golden(".onnx"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole[:100])
	f.Add([]byte{})
	// A model without its weights is small enough for the fuzzer to reach every part of it.
	m, err := Decode(whole)
	if err != nil {
		f.Fatal(err)
	}
	for _, t := range m.Graph.Initializer {
		t.RawData = nil
	}
	hollow, err := proto.Marshal(m)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(hollow)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data)
		if err != nil {
			return
		}
		for _, p := range m.Graph.Initializer {
			if n, ok := product(p.Dims); ok && n < 1<<16 && len(p.RawData) == 0 && len(p.FloatData) == 0 {
				p.RawData = make([]byte, 4*n) // fill what the seeds left out, so that Check goes on to the nodes
			}
		}
		checkErr := Check(m)
		c, contractErr := ParseContract(Metadata(m))
		_ = c.String()
		for _, err := range []error{checkErr, contractErr} {
			if err != nil && (strings.Contains(err.Error(), "\n") || len(err.Error()) > 4096) {
				t.Errorf("the error is not one readable line: %q", err)
			}
		}
		_ = CheckContract(m, c)
		net, recognizeErr := Recognize(m)
		weights, weightsErr := Weights(m)
		if checkErr != nil || contractErr != nil || recognizeErr != nil || weightsErr != nil {
			return
		}
		if err := net.CheckWeights(weights); err != nil {
			t.Errorf("a model that passes lacks weights: %v", err)
		}
	})
}
