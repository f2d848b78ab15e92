package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// findPython returns a Python that has PyTorch, and installs PyTorch if need be.
func findPython(ctx context.Context, o options, progress io.Writer) (string, error) {
	if o.python != "" {
		if err := importTorch(ctx, o.python); err != nil {
			return "", fmt.Errorf("--python %s: %w: install PyTorch there, or leave the flag out", o.python, err)
		}
		return o.python, nil
	}
	dir := o.venv
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no folder of caches for PyTorch: %w: name one with --venv", err)
		}
		dir = filepath.Join(cache, "sphereface", "pytorch")
	}
	python := filepath.Join(dir, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(dir, "Scripts", "python.exe")
	}
	if !o.upgrade && importTorch(ctx, python) == nil {
		return python, nil
	}
	fmt.Fprintf(progress, "installing PyTorch into %s: gigabytes on Linux, where its wheel wants CUDA's libraries; once\n", dir)
	if err := install(ctx, dir, python); err != nil {
		return "", err
	}
	if err := importTorch(ctx, python); err != nil {
		return "", fmt.Errorf("PyTorch in %s: %w: remove the folder and try again, or name a Python that has PyTorch with --python", dir, err)
	}
	return python, nil
}

// importTorch tells whether a Python has a PyTorch that works.
func importTorch(ctx context.Context, python string) error {
	_, err := command(ctx, python, "-c", "import torch")
	return err
}

// systemPython is the Python that makes the virtual environment.
func systemPython() (string, error) {
	for _, name := range []string{"python3", "python"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no python3 in PATH: install Python 3.10 or newer with venv and pip, or name one that has PyTorch with --python")
}

// command runs a program and returns what it prints. The error is one line, the
// last that the program wrote to stderr.
func command(ctx context.Context, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	stderr := &tail{}
	cmd.Stderr = stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if line := stderr.last(); err != nil && line != "" {
		return nil, errors.New(line)
	}
	return out, err
}
