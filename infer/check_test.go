package main

import (
	"path/filepath"
	"strings"
	"testing"
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

func TestCheckErrors(t *testing.T) {
	ours := sphereface4(t)
	model := write(t, "model.onnx", ours)
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"missing", []string{"none.onnx"}, "none.onnx: no such file"},
		{"directory", []string{t.TempDir()}, "is a directory"},
		{"empty", []string{write(t, "empty.onnx", nil)}, "empty.onnx: onnx: the file has 0 bytes"},
		{"truncated", []string{write(t, "cut.onnx", ours[:len(ours)/3])}, "cut.onnx: onnx: the file is truncated"},
		{"no model", []string{write(t, "text.onnx", []byte("this is text"))}, "text.onnx: onnx: this is no ONNX model"},
		{"not ours", []string{colourModel(t, 112, 96, nil)}, "missing contract, network, network_width, embedding_size, input_layout"},
		{"other network", []string{colours(t)}, "colour.onnx: onnx: "},
		{"two models", []string{model, model}, "check takes one model, got 2"},
		{"two ways", []string{"--model", model, model}, "check takes one model, got 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			trouble(t, c.want, append([]string{"check"}, c.args...)...)
		})
	}
}
