package onnx

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func metadata(c Contract) map[string]string {
	meta := make(map[string]string)
	for _, kv := range c.Metadata() {
		meta[kv.Key] = kv.Value
	}
	return meta
}

func TestContractRoundTrip(t *testing.T) {
	full := contract(network(t, "sphereface4"))
	bare := full
	bare.Threshold = nil
	odd := full
	odd.Mean, odd.Std, odd.Mirror, odd.Width = 0, 1.0/3, false, 1e-7
	odd.Threshold = &Threshold{Value: -0.1, FAR: 1e-6, Data: "Größe = 1,000 \"pairs\""}
	for _, want := range []Contract{full, bare, odd} {
		if err := want.Validate(); err != nil {
			t.Fatal(err)
		}
		list := want.Metadata()
		if !slices.IsSortedFunc(list, func(a, b KeyValue) int { return strings.Compare(a.Key, b.Key) }) {
			t.Errorf("metadata is not sorted: %v", list)
		}
		meta := metadata(want)
		meta["another_tools_key"] = "left alone"
		got, err := ParseContract(meta)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("contract %+v, want %+v", got, want)
		}
	}
}

func TestParseContractListsEveryKey(t *testing.T) {
	_, err := ParseContract(map[string]string{"model_author": "somebody else"})
	if err == nil {
		t.Fatal("a model without metadata passed")
	}
	want := "onnx: metadata: missing contract, network, network_width, embedding_size, input_layout, pixel_format, pixel_range, pixel_mean, " +
		"pixel_std, crop_height, crop_width, crop_template, interpolation, alignment, metric, mirror, training_data, training_result, " +
		"config_sha256: the model was not exported by sphereface, so give these values yourself"
	if err.Error() != want {
		t.Errorf("error\n%s\nwant\n%s", err, want)
	}
}

func TestParseContractInvalid(t *testing.T) {
	tests := []struct{ key, value, want string }{
		{"contract", "sphereface/2", `contract is "sphereface/2", want sphereface/1`},
		{"network", "resnet50", "want one of sphereface4,"},
		{"network_width", "0", "want a number above 0"},
		{"embedding_size", "0", "want a whole number"},
		{"embedding_size", "512.0", "want a whole number"},
		{"input_layout", "NHWC", "want NCHW"},
		{"pixel_format", "BGR", "want RGB"},
		{"pixel_range", "[0,1]", "want [0,255]"},
		{"pixel_mean", "127,5", "want a number"},
		{"pixel_mean", "NaN", "want a number"},
		{"pixel_std", "-1", "want a number above 0"},
		{"pixel_std", "Inf", "want a number above 0"},
		{"crop_height", "-112", "want a whole number"},
		{"crop_width", "99999999999999999999", "want a whole number"},
		{"crop_template", "[[1,2],[3,4]]", "want five different points"},
		{"crop_template", "[[1,2],[3,4],[5,6],[7,8],[9]]", "want five different points"},
		{"crop_template", "[[0,0],[0,0],[0,0],[0,0],[0,0]]", "want five different points"},
		{"crop_template", "30.3 51.7", "want five different points"},
		{"interpolation", "nearest", "want bilinear"},
		{"alignment", "", "want one line of text"},
		{"metric", "euclidean", "want cosine"},
		{"mirror", "yes", "want true or false"},
		{"threshold", "1.5", "want a cosine"},
		{"threshold_far", "2", "want a share"},
		{"threshold_data", "two\nlines", "want one line of text"},
		{"training_data", " ", "want one line of text"},
		{"training_result", "\xff", "want one line of text"},
		{"config_sha256", "E3B0", "want 64 lower-case hexadecimal digits"},
	}
	covered := make(map[string]bool)
	for _, test := range tests {
		covered[test.key] = true
		meta := metadata(contract(network(t, "sphereface4")))
		meta[test.key] = test.value
		_, err := ParseContract(meta)
		if err == nil {
			t.Errorf("%s = %q passed", test.key, test.value)
			continue
		}
		if line := err.Error(); !strings.Contains(line, test.want) || !strings.Contains(line, test.key) || strings.Contains(line, "\n") {
			t.Errorf("%s = %q: error %q, want one line with %q", test.key, test.value, line, test.want)
		}
	}
	for _, f := range contractFields {
		if !covered[f.key] {
			t.Errorf("no invalid value of %s is tested", f.key)
		}
	}
}

// The keys of a threshold go together; all other keys are needed one by one.
func TestParseContractMissing(t *testing.T) {
	for _, f := range contractFields {
		meta := metadata(contract(network(t, "sphereface4")))
		delete(meta, f.key)
		_, err := ParseContract(meta)
		var problems *ContractError
		if !errors.As(err, &problems) || !slices.Equal(problems.Missing, []string{f.key}) || len(problems.Invalid) > 0 {
			t.Errorf("without %s: error %v", f.key, err)
		}
	}
}

// A model of another maker with what its user supplied: what only says where a
// model of ours comes from is not asked for.
func TestForInference(t *testing.T) {
	meta := map[string]string{
		"input_layout": "NCHW", "pixel_format": "RGB", "pixel_range": "[0,255]", "pixel_mean": "127.5", "pixel_std": "127.5",
		"crop_height": "112", "crop_width": "112", "crop_template": "[[38.3,51.7],[73.5,51.5],[56,71.7],[41.5,92.4],[70.7,92.2]]",
		"interpolation": "bilinear", "alignment": "fixed", "metric": "cosine", "mirror": "false", "threshold": "0.28",
	}
	c, err := ParseContract(meta)
	var problems *ContractError
	if !errors.As(err, &problems) {
		t.Fatalf("error %v, want a ContractError", err)
	}
	if err := problems.ForInference(); err != nil {
		t.Errorf("the metadata is enough to compare faces, but: %v", err)
	}
	if c.Threshold == nil || c.Threshold.Value != 0.28 || c.CropWidth != 112 || c.Std != 127.5 {
		t.Errorf("contract %+v does not hold what the metadata says", c)
	}
	delete(meta, "mirror")
	meta["metric"] = "euclidean"
	_, err = ParseContract(meta)
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	err = problems.ForInference()
	if err == nil || !strings.Contains(err.Error(), "missing mirror;") || !strings.Contains(err.Error(), "metric") {
		t.Errorf("error %v, want one that names mirror and metric alone", err)
	}
}

func TestValidate(t *testing.T) {
	c := contract(network(t, "sphereface4"))
	c.TrainingData, c.Std, c.Threshold = "", math.NaN(), &Threshold{Value: 0.3, FAR: 0.01}
	err := c.Validate()
	want := `onnx: metadata: missing training_data, threshold_data; pixel_std is "NaN", want a number above 0: fill these in before the model is written`
	if err == nil || err.Error() != want {
		t.Errorf("error\n%v\nwant\n%s", err, want)
	}
}

func TestContractString(t *testing.T) {
	c := contract(network(t, "sphereface4"))
	c.Threshold = nil
	text := c.String()
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) != len(contractFields) {
		t.Fatalf("%d lines for %d keys:\n%s", len(lines), len(contractFields), text)
	}
	for i, f := range contractFields {
		if !strings.HasPrefix(lines[i], f.key+" ") {
			t.Errorf("line %d is %q, want the key %s", i, lines[i], f.key)
		}
	}
	for _, want := range []string{"pixel_mean       127.5 ", "threshold        (none) ", "alignment        fixed "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// docs/onnx.md has a row for every key, in this order.
func TestKeysAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/onnx.md")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "| `"); ok {
			key, _, _ := strings.Cut(rest, "`")
			rows = append(rows, key)
		}
	}
	var keys []string
	for _, f := range contractFields {
		keys = append(keys, f.key)
	}
	if !slices.Equal(rows, keys) {
		t.Errorf("docs/onnx.md has rows for %v, want %v", rows, keys)
	}
}

// As JSON every key has the value of the metadata, in a type that needs no parsing.
func TestContractJSON(t *testing.T) {
	c := contract(network(t, "sphereface4"))
	c.ConfigSHA256 = strings.Repeat("12345678", 8) // no number, though it looks like one
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	for key, value := range metadata(c) {
		got, ok := object[key]
		if text, isText := got.(string); isText && text != value {
			t.Errorf("%s is %q, want %q", key, text, value)
		}
		if !ok {
			t.Errorf("%s is missing", key)
		}
		delete(object, key)
	}
	if len(object) > 0 {
		t.Errorf("keys %v are not in the metadata", object)
	}
	for _, want := range []string{
		`{"contract":"sphereface/1","network":"sphereface4",`, `"pixel_range":[0,255],`, `"pixel_mean":127.5,`, `"crop_height":112,`,
		`"crop_template":[[30.2946,51.6963],`, `"mirror":true,`, `"config_sha256":"1234567812`,
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%s lacks %s", data, want)
		}
	}
	c.Threshold = nil
	if data, err = json.Marshal(c); err != nil || strings.Contains(string(data), "threshold") {
		t.Errorf("without a threshold: %s, %v", data, err)
	}
}
