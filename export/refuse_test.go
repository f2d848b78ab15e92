package main

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
	"github.com/sphereface-go/sphereface/models"
)

// listFiles lists everything below a folder, to see that nothing is left behind.
func listFiles(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// oneLine wants an error of one line that says all of want.
func oneLine(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("there is no error")
	}
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("error of several lines: %q", err)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not say %q", err, w)
		}
	}
}

// Bad input is told in one line, and leaves no file.
func TestBadInput(t *testing.T) {
	whole, err := os.ReadFile(goldenCheckpoint)
	if err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(temp, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	changed := func(name string, change func(*checkpoint.Checkpoint)) string {
		c := golden(t)
		change(c)
		path := filepath.Join(temp, name)
		if err := checkpoint.Save(path, c); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good.safetensors", whole)
	odd := write("odd.onnx", whole)
	noImage := filepath.Join(temp, "no-image")
	if err := os.Mkdir(noImage, 0o755); err != nil {
		t.Fatal(err)
	}
	write("no-image/face.png", []byte("this is no image"))
	empty := filepath.Join(temp, "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		args []string
		want []string
	}{
		{"nothing", nil, []string{"run directory or checkpoint"}},
		{"two checkpoints", []string{good, good}, []string{"not 2"}},
		{"unknown flag", []string{good, "--format", "x"}, []string{"--format", "--help"}},
		{"missing", []string{filepath.Join(temp, "nowhere")}, []string{"nowhere", "no such file"}},
		{"no run directory", []string{empty}, []string{empty, "no run directory"}},
		{"empty checkpoint", []string{write("empty.safetensors", nil)}, []string{"empty.safetensors: cut short: it ends within the header length"}},
		{"header cut short", []string{write("header.safetensors", whole[:100])}, []string{"header.safetensors: cut short: the header alone is", "the file 100"}},
		{"values cut short", []string{write("short.safetensors", whole[:len(whole)-4])}, []string{"short.safetensors: cut short: 4 bytes of", "are missing"}},
		{"an exported model", []string{goldenModel}, []string{goldenModel + ": not a safetensors file"}},
		{"another network", []string{changed("other.safetensors", func(c *checkpoint.Checkpoint) {
			c.Config = bytes.Replace(c.Config, []byte("embedding: 16"), []byte("embedding: 32"), 1)
		})}, []string{"other.safetensors", "fc5_weight", "sphereface4"}},
		{"another depth", []string{changed("deep.safetensors", func(c *checkpoint.Checkpoint) {
			c.Config = bytes.Replace(c.Config, []byte("sphereface4"), []byte("sphereface10"), 1)
		})}, []string{"deep.safetensors", "conv1_1_weight", "sphereface10"}},
		{"damaged config", []string{changed("config.safetensors", func(c *checkpoint.Checkpoint) {
			c.Config = append([]byte("netwrok: 1\n"), c.Config...)
		})}, []string{"config.safetensors", "netwrok"}},
		{"weights that are no numbers", []string{changed("nan.safetensors", func(c *checkpoint.Checkpoint) {
			c.Params[3].Value[1] = float32(math.Inf(1))
		})}, []string{"nan.safetensors", "conv2_weight"}},
		{"threshold alone", []string{good, "--threshold", "0.5"}, []string{"--threshold-far", "--threshold-data"}},
		{"threshold out of range", []string{good, "--threshold", "1.5", "--threshold-far", "0", "--threshold-data", "x"}, []string{"--threshold 1.5"}},
		{"rate out of range", []string{good, "--threshold", "0.5", "--threshold-far", "-1", "--threshold-data", "x"}, []string{"--threshold-far -1"}},
		{"data of two lines", []string{good, "--threshold", "0.5", "--threshold-far", "0", "--threshold-data", "a\nb"}, []string{"--threshold-data"}},
		{"threads", []string{good, "--threads", "-1"}, []string{"--threads -1"}},
		{"many threads", []string{good, "--threads", "100000"}, []string{"--threads 100000: must be from 0 (one a core) to 1024"}},
		{"out is a folder", []string{good, "--out", temp}, []string{"--out", "folder"}},
		{"out in no folder", []string{good, "--out", filepath.Join(temp, "a", "b.onnx")}, []string{"--out", "there is no folder"}},
		{"out in a file", []string{good, "--out", filepath.Join(good, "b.onnx")}, []string{"--out", "is no folder; name a file in one"}},
		{"out is the checkpoint", []string{good, "--out", good}, []string{"--out", "name a file that ends in .onnx"}},
		{"out is a checkpoint called a model", []string{odd, "--out", odd}, []string{"--out", "the checkpoint itself"}},
		{"out among fixtures", []string{good, "--fixtures", temp, "--out", filepath.Join(temp, "m.onnx")}, []string{"m.onnx would lie in the folder of --fixtures"}},
		{"crops from nowhere", []string{good, "--crops", filepath.Join(temp, "nowhere")}, []string{"--crops", "nowhere", "check the path"}},
		{"crops without images", []string{good, "--crops", empty}, []string{"--crops", "holds no .jpg, "}},
		{"crops that are no images", []string{good, "--crops", noImage}, []string{"--crops", "face.png: not an image"}},
		{"fixtures in a file", []string{good, "--fixtures", filepath.Join(good, "x")}, []string{"--fixtures", "part of the path is a file: check the path"}},
	}
	before := listFiles(t, temp)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := tt.args
			if len(args) > 0 && !slices.Contains(args, "--threads") {
				args = append(slices.Clone(args), "--threads", "1")
			}
			args = append(args, "--ort-library", orttest.Library(t))
			err := run(context.Background(), args, new(bytes.Buffer), new(bytes.Buffer))
			oneLine(t, err, tt.want...)
			if after := listFiles(t, temp); !slices.Equal(before, after) {
				t.Errorf("files are left: %v", after)
			}
		})
	}
}

// Without ONNX Runtime nothing can be compared, so nothing is written.
func TestMissingRuntime(t *testing.T) {
	dir, _ := save(t, golden(t))
	before := listFiles(t, dir)
	err := run(context.Background(), []string{dir, "--ort-library", filepath.Join(dir, "nothing.so")}, new(bytes.Buffer), new(bytes.Buffer))
	oneLine(t, err, "nothing.so", "library")
	if after := listFiles(t, dir); !slices.Equal(before, after) {
		t.Errorf("files are left: %v", after)
	}
}

// A file that fails one of its checks is not written, and the file that was
// there before stays.
func TestFailedCheck(t *testing.T) {
	tests := []struct {
		name   string
		encode func(models.Network, map[string][]float32, onnx.Contract, onnx.Options) ([]byte, error)
		want   []string
	}{
		{"one slope of another value", func(n models.Network, w map[string][]float32, c onnx.Contract, o onnx.Options) ([]byte, error) {
			changed := make(map[string][]float32)
			for name, values := range w {
				changed[name] = slices.Clone(values)
			}
			changed["prelu3_slope"][5] += 0.1
			return onnx.Encode(n, changed, c, o)
		}, []string{"does not compute what the trainer does", "conv3", "--ort-library"}},
		{"no contract", func(n models.Network, w map[string][]float32, c onnx.Contract, o onnx.Options) ([]byte, error) {
			return onnx.Encode(n, w, onnx.Contract{}, o)
		}, []string{"metadata"}},
		{"metadata of other crops", func(n models.Network, w map[string][]float32, c onnx.Contract, o onnx.Options) ([]byte, error) {
			c.CropHeight = 96
			return onnx.Encode(n, w, c, o)
		}, []string{"metadata says"}},
		{"truncated", func(n models.Network, w map[string][]float32, c onnx.Contract, o onnx.Options) ([]byte, error) {
			data, err := onnx.Encode(n, w, c, o)
			return data[:len(data)/2], err
		}, []string{"truncated", "this is a fault of export, report it"}},
		{"variant with other layers", func(n models.Network, w map[string][]float32, c onnx.Contract, o onnx.Options) ([]byte, error) {
			return onnx.Encode(n, w, c, onnx.Options{})
		}, []string{"conv1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir, _ := save(t, golden(t))
			out := filepath.Join(dir, "model.onnx")
			if err := os.WriteFile(out, []byte("what was there before"), 0o644); err != nil {
				t.Fatal(err)
			}
			before := listFiles(t, dir)
			o, err := parse([]string{dir, "--fixtures", filepath.Join(dir, "fixtures"), "--ort-library", orttest.Library(t)}, new(bytes.Buffer))
			if err != nil {
				t.Fatal(err)
			}
			err = exporter{options: o, encode: tt.encode}.run(context.Background(), new(bytes.Buffer), new(bytes.Buffer))
			oneLine(t, err, tt.want...)
			if after := listFiles(t, dir); !slices.Equal(before, after) {
				t.Errorf("files are left: %v", after)
			}
			if data, err := os.ReadFile(out); err != nil || string(data) != "what was there before" {
				t.Errorf("the file is now %.20q (error %v)", data, err)
			}
		})
	}
}

func TestInterrupted(t *testing.T) {
	dir, _ := save(t, golden(t))
	before := listFiles(t, dir)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := run(ctx, []string{dir, "--ort-library", orttest.Library(t)}, new(bytes.Buffer), new(bytes.Buffer))
	if !errors.Is(err, errInterrupted) {
		t.Errorf("error %v", err)
	}
	if after := listFiles(t, dir); !slices.Equal(before, after) {
		t.Errorf("files are left: %v", after)
	}
}
