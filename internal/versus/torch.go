package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// torch is PyTorch.
var torch = kit{
	name: "PyTorch", folder: "pytorch", imports: "torch", packages: torchPackages,
	size: "gigabytes on Linux, where its wheel wants CUDA's libraries",
}

// torchPackages installs the newest PyTorch. On Linux the wheel wants all of CUDA,
// most of which the loader must find even where no GPU is. What it need not find
// stays away, which is a fifth of it all: pip installs PyTorch alone, and then its
// requirements without that.
func torchPackages(ctx context.Context, python string, pip func(args ...string) error) error {
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
