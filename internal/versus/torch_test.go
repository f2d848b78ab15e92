package main

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestLight(t *testing.T) {
	for _, c := range []struct{ from, want string }{
		{"filelock", "filelock"},
		{"sympy>=1.13.3", "sympy>=1.13.3"},
		{`triton~=3.9.0; platform_system == "Linux"`, ""},
		{`cuda-bindings<14,>=13.0.3; platform_system == "Linux"`, ""},
		{`cuda-toolkit[cublas,cusolver,nvtx]==13.2.2; platform_system == "Linux"`, `cuda-toolkit[cublas]==13.2.2; platform_system == "Linux"`},
		{"cuda-toolkit[nvtx]==13.2.2", "cuda-toolkit==13.2.2"},
		{`nvidia-cudnn-cu13==9.26.0.51; platform_system == "Linux"`, `nvidia-cudnn-cu13==9.26.0.51; platform_system == "Linux"`},
		{`pyyaml; extra == "pyyaml"`, ""},
		{"", ""},
	} {
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		if got := light([]string{c.from}); !slices.Equal(got, want) {
			t.Errorf("%q gives %q, want %q", c.from, got, want)
		}
	}
}

// TestNoPython: each thing that may be missing is an error of one line that says
// what to do.
func TestNoPython(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the fake Python is a shell script")
	}
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	_, err := torch.find(t.Context(), options{venv: filepath.Join(dir, "venv")}, &strings.Builder{})
	wantError(t, err, "no python3 in PATH: install Python")

	// Debian's python3 without python3-venv.
	fake := "#!/bin/sh\necho 'ensurepip is not' >&2\necho available >&2\nexit 1\n"
	if err := os.WriteFile(filepath.Join(dir, "python3"), []byte(fake), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err = torch.find(t.Context(), options{venv: filepath.Join(dir, "venv")}, &strings.Builder{})
	wantError(t, err, "venv: available: install Python's venv and pip")

	_, err = torch.find(t.Context(), options{python: filepath.Join(dir, "python3")}, &strings.Builder{})
	wantError(t, err, "install PyTorch there, or leave the flag out")
}
