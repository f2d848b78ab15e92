package ort_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
	"github.com/sphereface-go/sphereface/internal/ort"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
)

func open(t *testing.T, model []byte) *ort.Session {
	t.Helper()
	s, err := ort.OpenBytes(model, ort.Options{Library: orttest.Library(t), Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestSession(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.onnx")
	if err := os.WriteFile(path, testModel(t, tensor("input", pb.TensorProto_FLOAT, -1, 2, 3)), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := ort.Open(path, ort.Options{Library: orttest.Library(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, want := s.Inputs(), []ort.Port{{Name: "input", Type: "float32", Shape: []int64{-1, 2, 3}}}; !reflect.DeepEqual(got, want) {
		t.Errorf("inputs %v, want %v", got, want)
	}
	if got, want := s.Outputs()[0].String(), "flat float32 N×6"; got != want {
		t.Errorf("first output %q, want %q", got, want)
	}
	if got, want := s.Metadata(), map[string]string{"metric": "cosine"}; !reflect.DeepEqual(got, want) {
		t.Errorf("metadata %v, want %v", got, want)
	}
	location, version := ort.Library()
	if filepath.Base(location) != filepath.Base(orttest.Library(t)) || !strings.HasPrefix(version, "1.") {
		t.Errorf("library %q, version %q", location, version)
	}
}

// The outputs are the same for a dynamic batch and for fixed ones that fit, that
// must be repeated, and whose last part is filled up.
func TestRun(t *testing.T) {
	for _, batch := range []int64{-1, 1, 2, 4, 8} {
		s := open(t, testModel(t, tensor("input", pb.TensorProto_FLOAT, batch, 2, 3)))
		for _, n := range []int{1, 2, 4, 7} {
			x := make([]float32, 6*n)
			want := make([]float32, 6*n)
			for i := range x {
				x[i] = float32(i + 1)
				want[i] = -x[i]
			}
			got, err := s.Run(x, n)
			if err != nil {
				t.Fatalf("batch %d, n %d: %v", batch, n, err)
			}
			for i, w := range []ort.Tensor{
				{Name: "flat", Shape: []int64{int64(n), 6}, Data: want},
				{Name: "negative", Shape: []int64{int64(n), 2, 3}, Data: want},
			} {
				if !reflect.DeepEqual(got[i], w) {
					t.Errorf("batch %d, n %d: got %v, want %v", batch, n, got[i], w)
				}
			}
		}
	}
}

func TestConcurrentRunsAndClose(t *testing.T) {
	s := open(t, testModel(t, tensor("input", pb.TensorProto_FLOAT, -1, 2, 3)))
	var running sync.WaitGroup
	for g := range 8 {
		running.Go(func() {
			x := make([]float32, 12)
			for i := range x {
				x[i] = float32(g)
			}
			for range 50 {
				got, err := s.Run(x, 2)
				if err != nil {
					t.Error(err)
					return
				}
				for _, v := range got[0].Data {
					if v != -float32(g) {
						t.Errorf("goroutine %d got %v", g, v)
						return
					}
				}
			}
		})
	}
	running.Wait()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.Run(make([]float32, 6), 1); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("run after close: %v", err)
	}
}

func TestRunErrors(t *testing.T) {
	float := pb.TensorProto_FLOAT
	for _, c := range []struct {
		name   string
		inputs []*pb.ValueInfoProto
		values int
		n      int
		want   string
	}{
		{"too few values", []*pb.ValueInfoProto{tensor("input", float, -1, 2, 3)}, 11, 2, "11 values for 2 items of input"},
		{"no item", []*pb.ValueInfoProto{tensor("input", float, -1, 2, 3)}, 0, 0, "at least one"},
		{"other type", []*pb.ValueInfoProto{tensor("input", 7, -1, 2, 3)}, 6, 1, "input int64 N×2×3; want a single tensor of float32"},
		{"two inputs", []*pb.ValueInfoProto{tensor("input", float, -1, 2, 3), tensor("more", float, 1)}, 6, 1, "more float32 1; want a single tensor"},
		{"huge batch", []*pb.ValueInfoProto{tensor("input", float, 1<<40, 2, 3)}, 6, 1, "1099511627776×2×3, more than 268435456 values at a time"},
		{"huge item", []*pb.ValueInfoProto{tensor("input", float, -1, 1<<30, 1<<30)}, 6, 1, "an item of more than 268435456 values"},
		{"dynamic item", []*pb.ValueInfoProto{tensor("input", float, -1, 2, -1)}, 6, 1, "N×2×?; want a fixed size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := open(t, testModel(t, c.inputs...)).Run(make([]float32, c.values), c.n)
			oneLine(t, err, c.want)
		})
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	model := testModel(t, tensor("input", pb.TensorProto_FLOAT, -1, 2, 3))
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ name, path, want string }{
		{"missing", filepath.Join(dir, "none.onnx"), "none.onnx: no such file; check the path"},
		{"directory", dir, "is a directory; give the .onnx file in it"},
		{"empty", write("empty.onnx", nil), "is empty (0 bytes); export the model again"},
		{"truncated", write("cut.onnx", model[:len(model)/2]), "cut.onnx: ONNX Runtime cannot load it"},
		{"no model", write("text.onnx", []byte("not a model at all")), "text.onnx: ONNX Runtime cannot load it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ort.Open(c.path, ort.Options{Library: orttest.Library(t)})
			oneLine(t, err, c.want)
		})
	}
	t.Run("threads", func(t *testing.T) {
		_, err := ort.OpenBytes(model, ort.Options{Library: orttest.Library(t), Threads: -1})
		oneLine(t, err, "-1 threads")
		_, err = ort.OpenBytes(model, ort.Options{Library: orttest.Library(t), Threads: 1025})
		oneLine(t, err, "1025 threads: give 0 for all cores, or up to 1024")
	})
	t.Run("no bytes", func(t *testing.T) {
		_, err := ort.OpenBytes(nil, ort.Options{})
		oneLine(t, err, "empty")
	})
}

// A process has one library: asking for another is refused, asking for the same
// one again, by file or directory, is not.
func TestOneLibrary(t *testing.T) {
	model := testModel(t, tensor("input", pb.TensorProto_FLOAT, -1, 2, 3))
	open(t, model)
	other := filepath.Join(t.TempDir(), "libonnxruntime.so")
	if err := os.WriteFile(other, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ort.OpenBytes(model, ort.Options{Library: other})
	oneLine(t, err, "is loaded already")
	for _, same := range []string{"", filepath.Dir(orttest.Library(t))} {
		s, err := ort.OpenBytes(model, ort.Options{Library: same})
		if err != nil {
			t.Errorf("library %q again: %v", same, err)
			continue
		}
		s.Close()
	}
}

func oneLine(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\n\r") {
		t.Errorf("error %v, want one line with %q", err, want)
	}
}
