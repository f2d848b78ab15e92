package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
)

func TestFlags(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"", ""},
		{"--network sphereface20 --batch 8 --forward 2,4 --parts forward", ""},
		{"--network vgg", "want one of sphereface4"},
		{"--batch 0", "--batch 0: must be 1 or above"},
		{"--classes 1", "--classes 1: must be 2 or above"},
		{"--threads -1", "--threads -1: must be 0 or above"},
		{"--rounds 0", "--rounds 0: must be 1 or above"},
		{"--turn 0s", "--turn 0s: must be above 0"},
		{"--forward 1,0", "--forward 0: must be 1 or above"},
		{"--parts all", "--parts all: want training, forward or photos"},
		{"--parts=", "--parts: want training, forward or photos"},
		{"--parts photos --photos lfw", ""},
		{"--parts photos", "--parts photos and --photos DIR go together"},
		{"--photos lfw", "--parts photos and --photos DIR go together"},
		{"--precision bf16", ""},
		{"--precision half", "--precision half: want float32 or bf16"},
		{"--precision bf16 --autocast", ""},
		{"--autocast", "--autocast is for both sides in bf16: give --precision bf16 as well"},
		{"--precision bf16 --parts forward", "the forward pass is always float32"},
		{"--python p --upgrade", "--python does not go with"},
		{"--there", "--there; see --help"},
		{"sphereface20", `unexpected argument "sphereface20"`},
	} {
		t.Run(c.args, func(t *testing.T) {
			_, err := parse(strings.Fields(c.args), &bytes.Buffer{})
			wantError(t, err, c.want)
		})
	}
}

func TestDefaults(t *testing.T) {
	for _, c := range []struct {
		args  string
		batch int
	}{{"", 128}, {"--network sphereface20", 16}, {"--network sphereface20 --batch 4", 4}} {
		o, err := parse(strings.Fields(c.args), &bytes.Buffer{})
		if err != nil || o.batch != c.batch || o.threads < 1 {
			t.Errorf("%q: batch %d and %d threads, want batch %d (error %v)", c.args, o.batch, o.threads, c.batch, err)
		}
	}
}

// TestPrecision: bf16 is refused where there is none, before anything else is
// looked for; where there is, the next thing that is missing is PyTorch.
func TestPrecision(t *testing.T) {
	want := "install PyTorch there"
	if why := kernel.WithoutBF16(); why != "" {
		want = "--precision bf16: " + why + ": leave the flag out"
	}
	args := []string{"--precision", "bf16", "--batch", "1", "--classes", "2", "--python", filepath.Join(t.TempDir(), "python")}
	wantError(t, run(t.Context(), args, &bytes.Buffer{}, &bytes.Buffer{}), want)
}

// TestNames: who reads the table learns that the sides differ in precision.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		options      options
		ours, theirs string
	}{
		{options{}, "sphereface", "PyTorch"},
		{options{compile: true}, "sphereface", "PyTorch, compiled"},
		{options{precision: kernel.BF16}, "sphereface, bf16", "PyTorch, float32"},
		{options{precision: kernel.BF16, autocast: true}, "sphereface, bf16", "PyTorch, bf16"},
		{options{precision: kernel.BF16, compile: true}, "sphereface, bf16", "PyTorch, float32, compiled"},
	} {
		if ours, theirs := c.options.names(); ours != c.ours || theirs != c.theirs {
			t.Errorf("%+v: %q and %q, want %q and %q", c.options, ours, theirs, c.ours, c.theirs)
		}
	}
}

func TestLimits(t *testing.T) {
	for wish, want := range map[string]int{"": 0, "avx512": 0, "portable": 0, "avx2": 3} {
		got := limitsOf(wish)
		if len(got) != want || slices.Contains(got, "ONEDNN_MAX_CPU_ISA=AVX2") != (want > 0) {
			t.Errorf("%q: %v, want %d variables", wish, got, want)
		}
	}
}

func TestProcessor(t *testing.T) {
	for text, want := range map[string]string{
		"processor\t: 0\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: Some CPU\n\nprocessor\t: 1\nmodel name\t: other\n": "Some CPU (family 25, model 1)",
		"processor\t: 0\n": "unknown processor",
	} {
		if got := processorIn(strings.NewReader(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestSpec: Python learns the residual layout and finds all arrays whole.
func TestSpec(t *testing.T) {
	p, err := newProblem("sphereface10", 2, 5)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	path, err := newSpec(p, options{threads: 3, compile: true, autocast: true}, dir).write(p, dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var s spec
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	var skips []string
	for _, l := range s.Layers {
		if l.Skip != "" {
			skips = append(skips, l.Name+" adds "+l.Skip)
		}
	}
	if want := []string{"conv2_3 adds conv2_1", "conv3_3 adds conv3_1", "conv3_5 adds conv3_3"}; !slices.Equal(skips, want) {
		t.Errorf("%q, want %q", skips, want)
	}
	size := 0
	for _, param := range s.Params {
		n := 1
		for _, d := range param.Shape {
			n *= d
		}
		size += n
		if weight := strings.HasSuffix(param.Name, "_weight"); param.Decay != weight {
			t.Errorf("%s: decay %v", param.Name, param.Decay)
		}
	}
	for path, n := range map[string]int{s.Weights: size, s.Images: 2 * 3 * 112 * 96} {
		if info, err := os.Stat(path); err != nil || info.Size() != int64(4*n) {
			t.Errorf("%s: %v, want %d bytes (error %v)", path, info, 4*n, err)
		}
	}
	if len(s.Labels) != 2 || s.Threads != 3 || !s.Compile || !s.Autocast || s.Head.Margin != 4 || s.Head.Lambda != 10 {
		t.Errorf("labels %v, threads %d, compile %v, head %+v", s.Labels, s.Threads, s.Compile, s.Head)
	}
}

// TestForward runs the whole program, but for PyTorch, which a test cannot count on.
func TestForward(t *testing.T) {
	var out, progress bytes.Buffer
	err := run(t.Context(), []string{
		"--parts", "forward", "--forward", "1", "--rounds", "1", "--turn", "1ms", "--threads", "2", "--ort-library", orttest.Library(t),
	}, &out, &progress)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"machine ", "sphereface  ", "ONNX Runtime  1.", "| sphereface4, forward, batch 1 | sphereface | ", "|  | ONNX Runtime | "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, out.String())
		}
	}
	if want := "sphereface4, forward, batch 1: round 1/1: sphereface "; !strings.HasPrefix(progress.String(), want) {
		t.Errorf("progress %q, want %q first", progress.String(), want)
	}
}
