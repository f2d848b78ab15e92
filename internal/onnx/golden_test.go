package onnx

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/models"
)

// The golden file is sphereface4 of width 1/16 with embeddings of 32 elements.
// Its .json twin holds every metadata entry and a hash of each initialiser.
const goldenName = "sphereface4"

type summary struct {
	Metadata map[string]string `json:"metadata"`
	Tensors  map[string]string `json:"tensors"` // shape and SHA-256 of the raw data
}

func golden(ext string) string { return filepath.Join("testdata", goldenName+ext) }

func summarize(t *testing.T, data []byte) []byte {
	t.Helper()
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	s := summary{Metadata: Metadata(m), Tensors: make(map[string]string)}
	for _, p := range m.Graph.Initializer {
		s.Tensors[p.GetName()] = fmt.Sprintf("%v %x", p.Dims, sha256.Sum256(p.RawData))
	}
	text, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

func TestGolden(t *testing.T) {
	data := encode(t, goldenName, Options{})
	if *update {
		if err := os.WriteFile(golden(".onnx"), data, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden(".json"), summarize(t, data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden(".onnx"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, want) {
		t.Errorf("the writer gives %d bytes that differ from the %d of %s: raise ProducerVersion if that is meant, and run with -update", len(data), len(want), golden(".onnx"))
	}
	text, err := os.ReadFile(golden(".json"))
	if err != nil {
		t.Fatal(err)
	}
	if got := summarize(t, want); !bytes.Equal(got, text) {
		t.Errorf("%s: the file decodes to\n%s", golden(".json"), got)
	}
}

// What was written is read back whole, through every reader of the package.
func TestRoundTrip(t *testing.T) {
	for _, name := range models.Names() {
		for _, o := range []Options{{}, {Layers: true}, {Float16: true}} {
			net := network(t, name)
			data := encode(t, name, o)
			if again := encode(t, name, o); !bytes.Equal(data, again) {
				t.Errorf("%s: encoding twice gives different bytes", name)
			}
			m, err := Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			if err := Check(m); err != nil {
				t.Fatal(err)
			}
			c, err := ParseContract(Metadata(m))
			if err != nil {
				t.Fatal(err)
			}
			if want := contract(net); fmt.Sprint(c.Metadata()) != fmt.Sprint(want.Metadata()) {
				t.Errorf("%s: contract %v, want %v", name, c.Metadata(), want.Metadata())
			}
			if err := CheckContract(m, c); err != nil {
				t.Error(err)
			}
			got, err := Recognize(m)
			if err != nil {
				t.Fatal(err)
			}
			if got.Name != net.Name || got.ParamCount() != net.ParamCount() {
				t.Errorf("recognised %s of %d parameters, want %s of %d", got.Name, got.ParamCount(), net.Name, net.ParamCount())
			}
			values, err := Weights(m)
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range stored(t, net, o) {
				if fmt.Sprint(values[name]) != fmt.Sprint(want) {
					t.Errorf("weights %s differ after the way through the file", name)
				}
			}
		}
	}
}

func TestLayersAreOutputs(t *testing.T) {
	for _, name := range []string{"sphereface4", "sphereface10"} {
		net := network(t, name)
		plain, debug := build(t, name, Options{}), build(t, name, Options{Layers: true})
		if len(plain.Graph.Output) != 1 {
			t.Errorf("%s: %d outputs, want the embedding alone", name, len(plain.Graph.Output))
		}
		if got, want := len(debug.Graph.Output), len(net.Layers); got != want {
			t.Fatalf("%s: %d outputs in the debug variant, want %d", name, got, want)
		}
		if got := debug.Graph.Output[0].GetName(); got != OutputName {
			t.Errorf("%s: first output %s, want %s", name, got, OutputName)
		}
		for i := range net.Layers[:len(net.Layers)-1] {
			if got, want := debug.Graph.Output[i+1].GetName(), LayerOutput(net, i); got != want {
				t.Errorf("%s: output %d is %s, want %s", name, i+1, got, want)
			}
		}
		for i := range plain.Graph.Node {
			if !proto.Equal(plain.Graph.Node[i], debug.Graph.Node[i]) {
				t.Errorf("%s: the debug variant computes something else in node %s", name, plain.Graph.Node[i].GetName())
			}
		}
	}
}

func TestNames(t *testing.T) {
	m := build(t, "sphereface10", Options{})
	var got []string
	for _, n := range m.Graph.Node {
		got = append(got, n.GetOpType()+" "+n.GetName()+" -> "+n.Output[0])
	}
	want := "Conv conv1_1 -> conv1_1, PRelu prelu1_1 -> prelu1_1, Conv conv2_1 -> conv2_1, PRelu prelu2_1 -> prelu2_1, " +
		"Conv conv2_2 -> conv2_2, PRelu prelu2_2 -> prelu2_2, Conv conv2_3 -> conv2_3, PRelu prelu2_3 -> prelu2_3, Add res2_3 -> res2_3, "
	text := ""
	for _, s := range got[:9] {
		text += s + ", "
	}
	if text != want {
		t.Errorf("nodes\n%s\nwant\n%s", text, want)
	}
	if last := fmt.Sprint(got[len(got)-2:]); last != "[Flatten flatten -> flatten Gemm fc5 -> embedding]" {
		t.Errorf("last nodes %s", last)
	}
	for i, p := range network(t, "sphereface10").Params() {
		if got := m.Graph.Initializer[i].GetName(); got != p.Name {
			t.Errorf("initialiser %d is %s, want %s", i, got, p.Name)
		}
	}
}
