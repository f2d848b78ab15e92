package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// defaultModel is the file that is taken when none is named, and modelVariable the
// environment variable that names one.
const (
	defaultModel  = "model.onnx"
	modelVariable = "SPHEREFACE_MODEL"
)

// modelPath gives the model that was asked for, or the one that is there.
func (o *options) modelPath() (string, error) {
	if o.model != "" {
		return o.model, nil
	}
	if path := os.Getenv(modelVariable); path != "" {
		return path, nil
	}
	tried := []string{defaultModel}
	if binary, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(binary); err == nil {
			tried = append(tried, filepath.Join(filepath.Dir(real), defaultModel))
		}
	}
	for _, path := range tried {
		if info, err := os.Stat(path); err == nil && !info.IsDir() {
			return path, nil
		}
	}
	return "", fmt.Errorf("no model: tried %s: name one with --model or %s", strings.Join(tried, ", "), modelVariable)
}
