package onnx

import (
	"math"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
)

func TestCheckWeights(t *testing.T) {
	whole := build(t, "sphereface4", Options{})
	net, err := Recognize(whole)
	if err != nil {
		t.Fatal(err)
	}
	if err := CheckWeights(whole, net); err != nil {
		t.Error(err)
	}
	set := func(at int, value float32) func(values []float32) {
		return func(values []float32) { values[at] = value }
	}
	for _, c := range []struct {
		name, parameter string
		change          func(values []float32)
		want            string
	}{
		{"NaN", "conv2_weight", set(7, float32(math.NaN())), "onnx: parameter conv2_weight: element 7 is NaN: export"},
		{"infinity", "prelu3_slope", set(0, float32(math.Inf(-1))), "onnx: parameter prelu3_slope: element 0 is -Inf: export"},
		{"zero", "fc5_weight", func(v []float32) { clear(v) }, "onnx: parameter fc5_weight: every element is 0: export"},
		{"a bias of zero", "conv1_bias", func(v []float32) { clear(v) }, ""},
		{"one zero", "conv1_weight", set(0, 0), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := proto.CloneOf(whole)
			p := tensor(m, c.parameter)
			values, err := tensorValues(p)
			if err != nil {
				t.Fatal(err)
			}
			c.change(values)
			p.RawData, p.FloatData = nil, values
			err = CheckWeights(m, net)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
	m := proto.CloneOf(whole)
	m.Graph.Initializer = m.Graph.Initializer[1:]
	if err := CheckWeights(m, net); err == nil || !strings.Contains(err.Error(), "conv1_weight is missing") {
		t.Errorf("without a tensor: %v", err)
	}
}
