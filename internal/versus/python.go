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

// kit is what a part of the benchmark needs of Python.
type kit struct {
	name    string // of the packages, for messages
	folder  string // of the virtual environment, among the folders of caches
	size    string
	imports string
	// packages puts them into the environment of a Python with its pip install.
	packages func(ctx context.Context, python string, pip func(args ...string) error) error
}

// find returns a Python that has the kit, and installs the kit if need be.
func (k kit) find(ctx context.Context, o options, progress io.Writer) (string, error) {
	if o.python != "" {
		if err := k.try(ctx, o.python); err != nil {
			return "", fmt.Errorf("--python %s: %w: install %s there, or leave the flag out", o.python, err, k.name)
		}
		return o.python, nil
	}
	dir := o.venv
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no folder of caches for %s: %w: name one with --venv", k.name, err)
		}
		dir = filepath.Join(cache, "sphereface", k.folder)
	}
	python := filepath.Join(dir, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(dir, "Scripts", "python.exe")
	}
	if !o.upgrade && k.try(ctx, python) == nil {
		return python, nil
	}
	fmt.Fprintf(progress, "installing %s into %s: %s; once\n", k.name, dir, k.size)
	if err := k.install(ctx, dir, python); err != nil {
		return "", err
	}
	if err := k.try(ctx, python); err != nil {
		return "", fmt.Errorf("%s in %s: %w: remove the folder and try again, or name a Python that has it with --python", k.name, dir, err)
	}
	return python, nil
}

// try tells whether a Python has a kit that works.
func (k kit) try(ctx context.Context, python string) error {
	_, err := command(ctx, python, "-c", "import "+k.imports)
	return err
}

// install makes a virtual environment in dir and puts the newest packages into it.
func (k kit) install(ctx context.Context, dir, python string) error {
	system, err := systemPython()
	if err != nil {
		return err
	}
	if _, err := command(ctx, system, "-m", "venv", dir); err != nil {
		return fmt.Errorf("%s -m venv %s: %w: install Python's venv and pip (on Debian: python3-venv), or name a Python that has %s with --python", system, dir, err, k.name)
	}
	return k.packages(ctx, python, func(args ...string) error {
		args = append([]string{"-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check", "--upgrade"}, args...)
		if _, err := command(ctx, python, args...); err != nil {
			return fmt.Errorf("pip install of %s: %w: see to the network and the room on the disk, or name a Python that has it with --python", k.name, err)
		}
		return nil
	})
}

// systemPython is the Python that makes the virtual environment.
func systemPython() (string, error) {
	for _, name := range []string{"python3", "python"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no python3 in PATH: install Python 3.10 or newer with venv and pip, or name one with --python")
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
