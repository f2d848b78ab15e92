package checkpoint

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint/safetensors"
	"github.com/sphereface-go/sphereface/internal/verification"
	"github.com/sphereface-go/sphereface/models"
)

func example() *Checkpoint {
	return &Checkpoint{
		Config: []byte("seed: 1\n"),
		Step:   1234, Epoch: 7, Batch: 3, Seed: 1<<64 - 1,
		Partial: Sums{Loss: 0.1 + 0.2, Correct: 5, Images: 24},
		Data:    "a few faces", Images: 96, Classes: 2, DataHash: "0123abcd",
		Best: 0.9,
		Validation: &Validation{Epoch: 6, List: "validation-pairs.txt", Result: verification.Result{
			Accuracy: 0.875, StdErr: 0.01, Threshold: 1.0 / 3, FAR: 0.05, Pairs: 20, Same: 10, Different: 10,
			TAR:   []verification.OperatingPoint{{}},
			Folds: []verification.Fold{{Pairs: 20, Right: 18, Threshold: 0.3}},
		}},
		Params: []Param{
			{"conv1_weight", []int{2, 1, 1, 1}, []float32{1, 2}, []float32{0.5, -0.5}},
			{"head_weight", []int{1, 2}, []float32{3, 4}, []float32{0, 0}},
		},
	}
}

func TestSaveLoad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "c.safetensors")
	want := example()
	if err := Save(path, want); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := Save(path, got); err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("saving what was loaded gives other bytes")
	}
	want.DataHash = "" // as in files of before it was saved
	if err := Save(path, want); err != nil {
		t.Fatal(err)
	}
	if got, err := Load(path); err != nil || got.DataHash != "" {
		t.Errorf("without a hash of the data: %v", err)
	}
	if w := got.Weights(); len(w) != 2 || w["head_weight"][1] != 4 {
		t.Errorf("weights %v", w)
	}
}

func TestLoadErrors(t *testing.T) {
	dir := t.TempDir()
	whole := filepath.Join(dir, "whole")
	if err := Save(whole, example()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(change func(*safetensors.File)) []byte {
		f, err := example().encode()
		if err != nil {
			t.Fatal(err)
		}
		change(&f)
		var b bytes.Buffer
		if err := safetensors.Write(&b, f); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for _, tc := range []struct {
		name string
		data []byte
		want string
	}{
		{"cut", data[:len(data)-1], "cut short: 1 bytes of " + strconv.Itoa(len(data)) + " are missing; the file is damaged: copy it again, or put another checkpoint of its run in its place"},
		{"no checkpoint", []byte("this is no checkpoint"), "not a safetensors file: it does not start with the length of a header; the file is damaged: copy it again, or put another checkpoint"},
		{"foreign", edit(func(f *safetensors.File) { f.Metadata = map[string]string{"format": "pt"} }), "no checkpoint of this program but a safetensors file of another origin; name a file that train has saved"},
		{"newer", edit(func(f *safetensors.File) { f.Metadata["version"] = "2" }), `checkpoint of version "2", this program reads version 1; use the program that wrote it`},
		{"no step", edit(func(f *safetensors.File) { delete(f.Metadata, "step") }), `metadata "step": missing`},
		{"bad step", edit(func(f *safetensors.File) { f.Metadata["step"] = "-1" }), `metadata "step": "-1" is no count`},
		{"bad sum", edit(func(f *safetensors.File) { f.Metadata["loss_sum"] = "NaN" }), `metadata "loss_sum": "NaN" is no number`},
		{"bad seed", edit(func(f *safetensors.File) { f.Metadata["seed"] = "x" }), `metadata "seed": "x" is no whole number`},
		{"best of no accuracy", edit(func(f *safetensors.File) { f.Metadata["best"] = "7" }), `metadata "best": 7 is no accuracy, which is from 0 to 1`},
		{"sums of no batch", edit(func(f *safetensors.File) { f.Metadata["batch"] = "0" }), `metadata "seen": `},
		{"batches without sums", edit(func(f *safetensors.File) { f.Metadata["seen"], f.Metadata["correct"] = "0", "0" }), `metadata "seen": `},
		{"more right than seen", edit(func(f *safetensors.File) { f.Metadata["correct"] = "100000" }), `metadata "seen": `},
		{"bad validation", edit(func(f *safetensors.File) { f.Metadata["validation"] = "{" }), `metadata "validation":`},
		{"no weights", edit(func(f *safetensors.File) { f.Tensors = nil }), "holds no weights"},
		{"lone momentum", edit(func(f *safetensors.File) { f.Tensors[2].Name = "momentum/x" }), "tensor momentum/x: there is no tensor x"},
		{"momentum shape", edit(func(f *safetensors.File) {
			f.Tensors[2].Shape, f.Tensors[2].Values = []int{1}, []float32{1}
		}), "tensor momentum/conv1_weight has the shape [1], tensor conv1_weight [2 1 1 1]"},
		{"momentum turned", edit(func(f *safetensors.File) { f.Tensors[2].Shape = []int{1, 2, 1, 1} }), "tensor momentum/conv1_weight has the shape [1 2 1 1], tensor conv1_weight [2 1 1 1]"},
		{"half the momenta", edit(func(f *safetensors.File) { f.Tensors = f.Tensors[:3] }), "1 of 2 tensors have a momentum"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(dir, "bad")
			if err := os.WriteFile(path, tc.data, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := Load(path)
			if err == nil || !strings.Contains(err.Error(), path+": "+tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
	if _, err := Load(filepath.Join(dir, "none")); err == nil || !strings.Contains(err.Error(), "none: cannot be read: no such file or directory; check the path") {
		t.Errorf("missing: %v", err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "is no file; name a checkpoint file or a run directory") {
		t.Errorf("folder: %v", err)
	}
}

func TestMatch(t *testing.T) {
	conv := models.Param{Name: "conv1_weight", Shape: []int{2, 1, 1, 1}}
	head := models.HeadParam(1, 2)
	for _, tc := range []struct {
		name   string
		params []models.Param
		want   string
	}{
		{"fits", []models.Param{conv, head}, ""},
		{"missing", []models.Param{conv, {Name: "fc5_weight", Shape: []int{1}}, head}, "tensor fc5_weight is missing: a checkpoint of another network than netX"},
		{"shape", []models.Param{conv, models.HeadParam(1, 3)}, "tensor head_weight has the shape [1 2], want [1 3]"},
		{"extra", []models.Param{head}, "tensor conv1_weight is not part of netX"},
	} {
		err := example().Match("netX", tc.params)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", tc.name, err, tc.want)
		}
	}
}

// TestFullDisk writes to a device that is always full; that a file of before
// stays whole is tested where files are replaced.
func TestFullDisk(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /dev/full")
	}
	err := Save("/dev/full", example())
	if want := "checkpoint: write /dev/full: no space left on device; free some space or write elsewhere"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	path := filepath.Join(t.TempDir(), "none", "c.safetensors")
	if err := Save(path, example()); err == nil || !strings.HasPrefix(err.Error(), "checkpoint: write "+path+": ") {
		t.Errorf("no folder: %v", err)
	}
}

func assertFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
}

func TestRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs", "x")
	if _, err := Find(dir); err == nil || !strings.Contains(err.Error(), "cannot be read: no such file") {
		t.Errorf("find nothing: %v", err)
	}
	r, err := Create(dir, []byte("seed: 1\n"), false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Find(dir); err == nil || !strings.Contains(err.Error(), dir+" is no run directory: it has no checkpoints") || !strings.HasSuffix(err.Error(), "or start a run with train --config FILE --run "+dir) {
		t.Errorf("find no checkpoint: %v", err)
	}
	// Nothing is lost when a run that has no checkpoint yet is started again.
	if _, err := Create(dir, []byte("seed: 1\n"), false); err != nil {
		t.Error(err)
	}
	if err := Save(r.Last(), example()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, r.Last()} {
		if got, err := Find(path); err != nil || got != r.Last() {
			t.Errorf("Find(%s) = %s, %v", path, got, err)
		}
	}
	if _, err := Create(dir, nil, false); err == nil || !strings.Contains(err.Error(), "holds a run already: go on with --resume "+dir) {
		t.Errorf("create twice: %v", err)
	}
	own := filepath.Join(dir, "notes.txt")
	for _, path := range []string{own, r.Model(), r.Metrics()} {
		if err := os.WriteFile(path, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// Its config is there until the new one is, which is written last.
	if err := r.remove(true); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(r.Config()); err != nil || string(got) != "seed: 1\n" {
		t.Errorf("config %q, %v", got, err)
	}
	if _, err := Create(dir, []byte("seed: 2\n"), true); err != nil {
		t.Fatal(err)
	}
	// A model of the old run would be taken for one of the new.
	assertFiles(t, dir, ".train.lock", "checkpoints", "config.yaml", "notes.txt")
	assertFiles(t, filepath.Dir(r.Last()))
	if got, err := os.ReadFile(r.Config()); err != nil || string(got) != "seed: 2\n" {
		t.Errorf("config %q, %v", got, err)
	}
}

// TestOpenRemovesLeftovers leaves nothing of a killed process in a run, and
// everything that other programs have there.
func TestOpenRemovesLeftovers(t *testing.T) {
	dir := t.TempDir()
	r, err := Create(dir, []byte("seed: 1\n"), false)
	if err != nil {
		t.Fatal(err)
	}
	const tail = ".tmp-0123456789abcdef"
	for _, name := range []string{
		"checkpoints/.last.safetensors" + tail, "checkpoints/.epoch-0007.safetensors" + tail, "checkpoints/.best.safetensors" + tail,
		"checkpoints/last.safetensors", ".config.yaml" + tail, ".loss.png" + tail, ".metrics.csv" + tail, ".model.onnx" + tail,
	} {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Open([]byte("seed: 2\n")); err != nil {
		t.Fatal(err)
	}
	assertFiles(t, filepath.Dir(r.Last()), "last.safetensors")
	assertFiles(t, dir, ".model.onnx"+tail, ".train.lock", "checkpoints", "config.yaml")
	if got, err := os.ReadFile(r.Config()); err != nil || string(got) != "seed: 2\n" {
		t.Errorf("config %q, %v", got, err)
	}
}

func FuzzRead(f *testing.F) {
	file, err := example().encode()
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := safetensors.Write(&b, file); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("more than one line: %q", err)
			}
			return
		}
		if _, err := c.encode(); err != nil {
			t.Fatal(err)
		}
	})
}
