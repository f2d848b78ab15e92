package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
)

// The test binary is infer itself if this variable is set: what a process decides
// only once, such as the library that it loads, is tested in a process of its own.
const asInfer = "INFER_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asInfer) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process runs infer in a process of its own.
func process(t *testing.T, environment []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	command := exec.Command(os.Args[0], args...)
	command.Env = append(os.Environ(), append(environment, asInfer+"=1")...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	if err := command.Run(); command.ProcessState == nil {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestLibrary(t *testing.T) {
	model := colours(t)
	a := plain(t, "a.png", red, 96, 112)
	verify := []string{"verify", "--model", model, a, a}
	good := orttest.Library(t)
	old := orttest.Old(t)
	other := orttest.Old(t, "-DOrtGetApiBase=Other")
	text := write(t, "libonnxruntime.so", []byte("no library"))
	system := []string{ort.LibraryVariable + "=", "LD_LIBRARY_PATH=" + filepath.Dir(good), "DYLD_LIBRARY_PATH=" + filepath.Dir(good)}
	for _, c := range []struct {
		name        string
		environment []string
		flags       []string
		want        string // in the error; "" if the library is found
	}{
		{"by the flag", nil, []string{"--ort-library", good}, ""},
		{"by the flag, its folder", nil, []string{"--ort-library", filepath.Dir(good)}, ""},
		{"by the variable", []string{ort.LibraryVariable + "=" + good}, nil, ""},
		{"in the system", system, nil, ""},
		{"missing", nil, []string{"--ort-library", "/none/libonnxruntime.so"}, "library: /none/libonnxruntime.so: no such file"},
		{"missing by the variable", []string{ort.LibraryVariable + "=/none/lib.so"}, nil, ort.LibraryVariable + ": /none/lib.so: no such file"},
		{"too old", nil, []string{"--ort-library", old}, old + " (ONNX Runtime 1.17.1, older than 1.24)"},
		{"another library", nil, []string{"--ort-library", other}, other + " (not ONNX Runtime"},
		{"no library", nil, []string{"--ort-library", text}, text},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := process(t, c.environment, slices.Concat(verify, c.flags)...)
			if c.want == "" {
				if code != exitSame {
					t.Errorf("exit code %d, %s%s", code, stdout, stderr)
				}
				return
			}
			if code != exitTrouble || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) || !strings.Contains(stderr, "go tool task ort") {
				t.Errorf("exit code %d, output %q, errors %q; want %q and a remedy", code, stdout, stderr, c.want)
			}
		})
	}
}

// The exit codes as a shell sees them.
func TestExitCodes(t *testing.T) {
	model := colours(t)
	a, b := plain(t, "a.png", red, 96, 112), plain(t, "b.png", cyan, 96, 112)
	environment := []string{ort.LibraryVariable + "=" + orttest.Library(t), modelVariable + "=" + model}
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"verify", a, a}, 0},
		{[]string{"verify", a, b}, 1},
		{[]string{"verify", "--json", a, b}, 1},
		{[]string{"verify", a, "none.png"}, 2},
		{[]string{"verify", a}, 2},
		{[]string{"verify", "--unknown", a, b}, 2},
		{[]string{"embed", a}, 0},
		{[]string{"check"}, 2}, // a test model is none that export would write
		{[]string{}, 2},
		{[]string{"unknown"}, 2},
		{[]string{"--help"}, 0},
		{[]string{"--version"}, 0},
		{[]string{"verify", "--help"}, 0},
	} {
		if code, stdout, stderr := process(t, environment, c.args...); code != c.code {
			t.Errorf("infer %v: exit code %d, want %d; %s%s", c.args, code, c.code, stdout, stderr)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"-h"}, {"help"}} {
		code, stdout, _ := infer(t, args...)
		for _, c := range commands() {
			if code != 0 || !strings.Contains(stdout, "infer "+c.name+" ") {
				t.Errorf("%v: exit code %d, %q lacks %s", args, code, stdout, c.name)
			}
		}
	}
	for _, c := range commands() {
		for _, args := range [][]string{{c.name, "--help"}, {"help", c.name}} {
			var out bytes.Buffer
			if err := run(context.Background(), args, &out, &out); err != nil || !strings.Contains(out.String(), "Usage: infer "+c.name) || !strings.Contains(out.String(), "\nFlags:\n  ") {
				t.Errorf("%v: %v, %q", args, err, out.String())
			}
		}
	}
	if _, stdout, _ := infer(t, "--version"); !regexp.MustCompile(`^infer \S+ .*\(go1\.\S+, \w+/\w+\)\n$`).MatchString(stdout) {
		t.Errorf("version %q", stdout)
	}
}

func TestUsageErrors(t *testing.T) {
	trouble(t, "no command: one of verify, embed, eval, detect, crop, check")
	trouble(t, `unknown command "verfy": one of verify`, "verfy")
	trouble(t, "--threads -1: give 0 for all cores", "verify", "--threads", "-1", "a", "b")
	trouble(t, `--threshold "2": want a cosine, -1 to 1; see infer verify --help`, "verify", "--threshold", "2", "a", "b")
	trouble(t, `--threshold "NaN"`, "verify", "--threshold", "NaN", "a", "b")
	trouble(t, `--pixel-format "BGR": want RGB`, "verify", "--pixel-format", "BGR", "a", "b")
	trouble(t, "unknown flag: --tresh", "verify", "--tresh", "2", "a", "b")
	trouble(t, "unknown flag: --threshold", "embed", "--threshold", "0.3", "a")
}

// The model is the flag's, else the variable's, else model.onnx here, else the
// built-in one.
func TestModelPath(t *testing.T) {
	a := plain(t, "a.png", red, 96, 112)
	model := colours(t)
	environment := []string{ort.LibraryVariable + "=" + orttest.Library(t)}
	t.Chdir(t.TempDir())

	isBuiltIn := func(stdout string) bool { return strings.Contains(stdout, `"model": "built-in"`) }
	code, stdout, stderr := process(t, append(environment, modelVariable+"="), "verify", "--json", a, a)
	if code != exitSame || !isBuiltIn(stdout) {
		t.Errorf("no file: exit code %d, %q, %q", code, stdout, stderr)
	}
	if _, _, stderr := process(t, append(environment, modelVariable+"="), "verify", a, a); !strings.Contains(stderr, "by the built-in model, trained on LFW alone") {
		t.Errorf("nobody has chosen the model, and nothing says so: %q", stderr)
	}
	trouble(t, `--model "": name a file, or leave the flag out`, "verify", "--model", "", a, a)
	if err := os.Symlink("gone.onnx", defaultModel); err != nil {
		t.Fatal(err)
	}
	code, _, stderr = process(t, append(environment, modelVariable+"="), "verify", a, a)
	if code != exitTrouble || stderr != "infer: model.onnx: no such file; check the path it leads to\n" {
		t.Errorf("a link that leads nowhere: exit code %d, %q", code, stderr)
	}
	if err := os.Remove(defaultModel); err != nil {
		t.Fatal(err)
	}
	code, _, stderr = process(t, append(environment, modelVariable+"=none.onnx"), "verify", a, a)
	if code != exitTrouble || stderr != "infer: none.onnx: no such file; check the path in SPHEREFACE_MODEL\n" {
		t.Errorf("a variable that names nothing: exit code %d, %q", code, stderr)
	}
	if code, _, stderr := process(t, append(environment, modelVariable+"="+model), "verify", a, a); code != exitSame {
		t.Errorf("by the variable: exit code %d, %q", code, stderr)
	}
	if code, _, stderr := process(t, append(environment, modelVariable+"=none.onnx"), "verify", "--model", model, a, a); code != exitSame {
		t.Errorf("by the flag: exit code %d, %q", code, stderr)
	}
	data, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(defaultModel, data, 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr = process(t, append(environment, modelVariable+"="), "verify", "--json", a, a)
	if code != exitSame || isBuiltIn(stdout) {
		t.Errorf("in the current directory: exit code %d, %q, %q", code, stdout, stderr)
	}
	code, stdout, stderr = process(t, append(environment, modelVariable+"="+model), "verify", "--json", "--model", builtIn, a, a)
	if code != exitSame || !isBuiltIn(stdout) {
		t.Errorf("built-in by the flag: exit code %d, %q, %q", code, stdout, stderr)
	}
}

// There is a flag for every key that a model may lack and infer needs, and none else.
func TestMetadataFlags(t *testing.T) {
	_, err := onnx.ParseContract(nil)
	needed := map[string]bool{"threshold": true}
	for _, key := range err.(*onnx.ContractError).ForInference().(*onnx.ContractError).Missing {
		needed[key] = true
	}
	for _, m := range metadataFlags {
		if !needed[m.key] {
			t.Errorf("--%s is of no use", flagName(m.key))
		}
		delete(needed, m.key)
	}
	if len(needed) > 0 {
		t.Errorf("no flag for %v", needed)
	}
}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out := filepath.Join(t.TempDir(), "features.jsonl")
	var errs bytes.Buffer
	err := run(ctx, []string{"embed", "--ort-library", orttest.Library(t), "--model", colours(t), "--out", out, plain(t, "a.png", red, 96, 112)}, &errs, &errs)
	if code := exitCode(err, &errs); code != exitInterrupted || errs.String() != "infer: interrupted\n" {
		t.Errorf("exit code %d, %q", code, errs.String())
	}
	if entries, err := os.ReadDir(filepath.Dir(out)); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// infer runs where nothing but an .onnx file and ONNX Runtime is: the trainer's
// library stays out of it.
func TestNoGorgonia(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(out))
	if len(packages) < 50 {
		t.Fatalf("only %d packages listed", len(packages))
	}
	for _, p := range packages {
		if strings.Contains(p, "gorgonia") || strings.Contains(p, "/models/graph") {
			t.Errorf("infer links %s", p)
		}
	}
}
