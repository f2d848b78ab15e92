package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The committed binding must be what the committed schema gives, byte for byte.
func TestCommittedFileIsCurrent(t *testing.T) {
	name, got, err := generate(t.Context(), "..", "sphereface_onnx.proto")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join("..", name))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what its schema gives: run go generate ./internal/onnx/...", name)
	}
}

func TestErrorsNameTheSchema(t *testing.T) {
	dir := t.TempDir()
	tests := []struct{ name, schema, want string }{
		{"syntax.proto", `syntax = "proto2"; message {`, "syntax.proto:1:"},
		{"package.proto", `syntax = "proto2"; message A {}`, "go_package"},
	}
	for _, test := range tests {
		if err := os.WriteFile(filepath.Join(dir, test.name), []byte(test.schema), 0o600); err != nil {
			t.Fatal(err)
		}
		// protoc-gen-go is found through go.mod, so the plugin runs in this module.
		request, err := compile(t.Context(), dir, test.name)
		if err == nil {
			_, err = plugin(t.Context(), ".", request)
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one that contains %q", test.name, err, test.want)
		}
	}
	if _, err := compile(t.Context(), dir, "missing.proto"); err == nil {
		t.Error("a schema that does not exist compiled")
	}
}
