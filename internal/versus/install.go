package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// install makes a virtual environment in dir and puts the newest PyTorch into it.
//
// On Linux the wheel wants all of CUDA, most of which the loader must find even
// where no GPU is. What it need not find stays away, which is a fifth of it all:
// pip installs PyTorch alone, and then its requirements without that.
func install(ctx context.Context, dir, python string) error {
	system, err := systemPython()
	if err != nil {
		return err
	}
	if _, err := command(ctx, system, "-m", "venv", dir); err != nil {
		return fmt.Errorf("%s -m venv %s: %w: install Python's venv and pip (on Debian: python3-venv), or name a Python that has PyTorch with --python", system, dir, err)
	}
	pip := func(args ...string) error {
		args = append([]string{"-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check", "--upgrade"}, args...)
		if _, err := command(ctx, python, args...); err != nil {
			return fmt.Errorf("pip install of PyTorch: %w: see to the network and the room on the disk, or name a Python that has PyTorch with --python", err)
		}
		return nil
	}
	if err := pip("--no-deps", "torch"); err != nil {
		return err
	}
	out, err := command(ctx, python, "-c", "import importlib.metadata as m; print('\\n'.join(m.requires('torch')))")
	if err != nil {
		return fmt.Errorf("what PyTorch requires: %w", err)
	}
	return pip(light(strings.Split(string(out), "\n"))...)
}

var (
	requirement = regexp.MustCompile(`^([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?(.*)$`)
	// Triton and the bindings are imported, and the solver and the marker
	// libraries loaded, by work on a GPU alone.
	unneeded = map[string]bool{"triton": true, "cuda-bindings": true, "cusolver": true, "nvtx": true}
)

// light are PyTorch's requirements, as its metadata lists them, without what is
// only for a GPU and without optional ones.
func light(requirements []string) []string {
	var kept []string
	for _, r := range requirements {
		m := requirement.FindStringSubmatch(strings.TrimSpace(r))
		if m == nil || unneeded[m[1]] || strings.Contains(m[3], "extra ==") {
			continue
		}
		var extras []string
		for e := range strings.SplitSeq(m[2], ",") {
			if e = strings.TrimSpace(e); e != "" && !unneeded[e] {
				extras = append(extras, e)
			}
		}
		name := m[1]
		if extras != nil {
			name += "[" + strings.Join(extras, ",") + "]"
		}
		kept = append(kept, name+m[3])
	}
	return kept
}
