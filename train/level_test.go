package main

import (
	"bytes"
	"errors"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/kernel"
)

// A level that does not exist stops every command that would compute with it.
func TestUnknownLevel(t *testing.T) {
	for _, args := range [][]string{
		{"--config", "../configs/demo.yaml"},
		{"eval", "--run", "r", "--pairs", "p", "--images", "i"},
		{"--version"},
	} {
		cmd := child(t, args...)
		cmd.Env = append(cmd.Environ(), kernel.Variable+"=fast")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		err := cmd.Run()
		var exit *exec.ExitError
		want := "SPHEREFACE_KERNEL=fast: there is no such level: unset the variable or choose one of portable"
		if !errors.As(err, &exit) || !strings.Contains(stderr.String(), want) || strings.Count(stderr.String(), "\n") != 1 {
			t.Errorf("%v: %v, %q; want one line with %q", args, err, &stderr, want)
		}
	}
}

// Where there are no products of bf16, asking for them takes one line and changes
// no bit of what is trained; where there are, it says so and changes some.
func TestPrecision(t *testing.T) {
	file := writeConfig(t, tiny)
	train := func(dir string, environment []string, args ...string) (says string, state *checkpoint.Checkpoint) {
		t.Helper()
		cmd := child(t, append([]string{"--config", file, "--run", dir}, args...)...)
		cmd.Env = append(cmd.Environ(), environment...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v: %v, %s", args, err, &stderr)
		}
		state, err := checkpoint.Load(checkpoint.Run{Dir: dir}.Last())
		if err != nil {
			t.Fatal(err)
		}
		return stderr.String(), state
	}
	for _, level := range []string{"portable", kernel.Level()} {
		environment := []string{kernel.Variable + "=" + level}
		says, plain := train(filepath.Join(t.TempDir(), "plain"), environment)
		if strings.Contains(says, "precision") || strings.Contains(says, "bf16") {
			t.Errorf("%s: without being asked for, bf16 is spoken of: %s", level, says)
		}
		says, asked := train(filepath.Join(t.TempDir(), "bf16"), environment, "--precision=bf16")
		want, same := "computing in float32\n", true
		if level == "avx512" && kernel.HasBF16() {
			want, same = level+" kernels, products of bf16, 2 threads\n", false
		}
		if strings.Count(says, "bf16") != 2 || !strings.Contains(says, want) { // the other is the run directory
			t.Errorf("%s: %s; want one line with %q", level, says, want)
		}
		if same != reflect.DeepEqual(plain.Params, asked.Params) {
			t.Errorf("%s: the same weights as in float32: %v, want %v", level, !same, same)
		}
	}
}
