//go:build ort_modules

// No build sets this tag. The imports keep the modules that carry ONNX Runtime's
// shared library in go.mod and go.sum, where `go mod tidy` would drop them.

package module

import (
	_ "github.com/k2-fsa/sherpa-onnx-go-linux"
	_ "github.com/k2-fsa/sherpa-onnx-go-macos"
	_ "github.com/k2-fsa/sherpa-onnx-go-windows"
)
