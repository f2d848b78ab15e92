package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/models"
)

func TestCheck(t *testing.T) {
	model := write(t, "model.onnx", sphereface4(t))
	code, stdout, stderr := infer(t, "check", model)
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	golden(t, "check.txt", strings.ReplaceAll(stdout, filepath.Dir(model), "DIR"))

	if _, other, _ := infer(t, "check", "--model", model); other != stdout {
		t.Errorf("by --model: %q", other)
	}
}

// As JSON it says the same, for programs.
func TestCheckJSON(t *testing.T) {
	model := write(t, "model.onnx", sphereface4(t))
	code, stdout, stderr := infer(t, "check", "--json", model)
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(stdout), &object); err != nil {
		t.Fatal(err)
	}
	golden(t, "check.json", strings.ReplaceAll(stdout, filepath.Dir(model), "DIR"))
}

// damaged is a model of ours whose weights were changed after the export.
func damaged(t *testing.T, parameter string, change func(values []float32)) string {
	t.Helper()
	m, err := onnx.Decode(sphereface4(t))
	if err != nil {
		t.Fatal(err)
	}
	weights, err := onnx.Weights(m)
	if err != nil {
		t.Fatal(err)
	}
	change(weights[parameter])
	for _, p := range m.Graph.Initializer {
		if p.GetName() == parameter {
			p.RawData, p.FloatData = nil, weights[parameter]
		}
	}
	data, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "damaged.onnx", data)
}

// described is an untrained network whose contract is changed.
func described(t *testing.T, change func(*onnx.Contract)) string {
	t.Helper()
	net, err := models.New("sphereface4", models.Options{Width: 1. / 16, Embedding: 8})
	if err != nil {
		t.Fatal(err)
	}
	c := contract(net.Name, net.Embedding())
	change(&c)
	data, err := onnx.Encode(net, net.Initialize(1), c, onnx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "described.onnx", data)
}

func TestCheckErrors(t *testing.T) {
	ours := sphereface4(t)
	model := write(t, "model.onnx", ours)
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"missing", []string{"none.onnx"}, "none.onnx: no such file; check the path of the model\n"},
		{"directory", []string{t.TempDir()}, "is a directory; name the .onnx file in it\n"},
		{"empty", []string{write(t, "empty.onnx", nil)}, "empty.onnx: onnx: the file has 0 bytes"},
		{"truncated", []string{write(t, "cut.onnx", ours[:len(ours)/3])}, "cut.onnx: onnx: the file is truncated"},
		{"no model", []string{write(t, "text.onnx", []byte("this is text"))}, "text.onnx: onnx: this is no ONNX model"},
		{"not ours", []string{colourModel(t, 112, 96, nil)}, "missing contract, network, network_width, embedding_size, input_layout"},
		{"not ours, what to do", []string{colourModel(t, 112, 96, nil)}, "the model was not exported by sphereface: verify, embed and eval take what it does not say as flags, see infer verify --help\n"},
		{"a weight that is no number", []string{damaged(t, "conv3_weight", func(v []float32) { v[3] = float32(math.NaN()) })}, "damaged.onnx: onnx: parameter conv3_weight: element 3 is NaN: export the model again"},
		{"a layer of zeros", []string{damaged(t, "conv3_weight", func(v []float32) { clear(v) })}, "damaged.onnx: onnx: parameter conv3_weight: every element is 0: export the model again"},
		{"an alignment that nothing makes", []string{described(t, func(c *onnx.Contract) { c.Alignment = "bogus" })}, `metadata key alignment: face: alignment "bogus" is not known`},
		{"a template of its own", []string{described(t, func(c *onnx.Contract) { c.Template[0][0]++ })}, "metadata key crop_template: [[31.2946 51.6963]"},
		{"a device", []string{os.DevNull}, os.DevNull + ": is no regular file; name an .onnx file\n"},
		{"other network", []string{colours(t)}, "colour.onnx: onnx: "},
		{"two models", []string{model, model}, "check takes one model, got 2"},
		{"two ways", []string{"--model", model, model}, "check takes one model, got 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			trouble(t, c.want, append([]string{"check"}, c.args...)...)
		})
	}
}
