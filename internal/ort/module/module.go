// Package module finds ONNX Runtime's shared library in the Go modules that carry
// it: sherpa-onnx-go-linux, -macos and -windows, at the version that go.mod names.
// The module proxy delivers them and go.sum verifies them, so that nothing but Go
// is needed. Only the shared library is taken from them, none of their packages.
package module

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const prefix = "github.com/k2-fsa/sherpa-onnx-go-"

// carriers gives, for each operating system and architecture by Go's names, the
// rest of the module's name and the library's path inside it.
var carriers = map[string]struct{ module, path string }{
	"linux/amd64":   {"linux", "lib/x86_64-unknown-linux-gnu/libonnxruntime.so"},
	"linux/arm64":   {"linux", "lib/aarch64-unknown-linux-gnu/libonnxruntime.so"},
	"linux/arm":     {"linux", "lib/arm-unknown-linux-gnueabihf/libonnxruntime.so"},
	"darwin/amd64":  {"macos", "lib/x86_64-apple-darwin/libonnxruntime.dylib"},
	"darwin/arm64":  {"macos", "lib/aarch64-apple-darwin/libonnxruntime.dylib"},
	"windows/amd64": {"windows", "lib/x86_64-pc-windows-gnu/onnxruntime.dll"},
	"windows/arm64": {"windows", "lib/aarch64-pc-windows-gnu/onnxruntime.dll"},
	"windows/386":   {"windows", "lib/i686-pc-windows-gnu/onnxruntime.dll"},
}

// Library returns the path of the shared library for a system in the module cache
// and the module that carries it, as "path@version". It runs the go command in the
// current directory, which must lie inside this module, and downloads what is not
// in the cache, telling progress (if not nil) that it does so.
func Library(ctx context.Context, goos, goarch string, progress io.Writer) (path, carrier string, err error) {
	c, ok := carriers[goos+"/"+goarch]
	if !ok {
		return "", "", fmt.Errorf("module: no ONNX Runtime for %s/%s among the Go modules: build or install ONNX Runtime 1.24 or newer and name it with --ort-library or ONNXRUNTIME_LIB", goos, goarch)
	}
	dir, version, err := locate(ctx, prefix+c.module, progress)
	if err != nil {
		return "", "", err
	}
	path = filepath.Join(dir, filepath.FromSlash(c.path))
	if _, err := os.Stat(path); err != nil {
		return "", "", fmt.Errorf("module: %s@%s carries no %s: choose a version in go.mod that does", prefix+c.module, version, c.path)
	}
	return path, prefix + c.module + "@" + version, nil
}

// locate returns the directory of a module in the module cache.
func locate(ctx context.Context, name string, progress io.Writer) (dir, version string, err error) {
	// The version is the one of go.mod, as none is given. What is in the cache
	// already needs no network.
	var m struct{ Dir, Version string }
	if err := run(ctx, &m, "list", "-m", "-json", name); err != nil {
		return "", "", err
	}
	if m.Dir != "" {
		return m.Dir, m.Version, nil
	}
	if progress != nil {
		fmt.Fprintf(progress, "downloading %s@%s through Go's module proxy\n", name, m.Version)
	}
	if err := run(ctx, &m, "mod", "download", "-json", name); err != nil {
		return "", "", err
	}
	return m.Dir, m.Version, nil
}

// run runs the go command and decodes the object that it prints.
func run(ctx context.Context, into any, args ...string) error {
	command := exec.CommandContext(ctx, "go", args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	var failure struct{ Error string }
	if json.Unmarshal(out, &failure) == nil && failure.Error != "" {
		return fmt.Errorf("module: go %s: %s", strings.Join(args, " "), oneLine(failure.Error))
	}
	if err != nil {
		return fmt.Errorf("module: go %s: %w: %s", strings.Join(args, " "), err, oneLine(stderr.String()))
	}
	if err := json.Unmarshal(out, into); err != nil {
		return fmt.Errorf("module: go %s: %w", strings.Join(args, " "), err)
	}
	return nil
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
