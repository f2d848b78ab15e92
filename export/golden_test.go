package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
	"github.com/sphereface-go/sphereface/internal/parity/reference"
	"github.com/sphereface-go/sphereface/internal/verification"
	"github.com/sphereface-go/sphereface/models"
)

var update = flag.Bool("update", false, "write the golden files in testdata again")

// The golden checkpoint and the file that it exports to.
const (
	goldenCheckpoint = "../testdata/sphereface4-tiny.safetensors"
	goldenModel      = "../testdata/sphereface4-tiny.onnx"
)

// golden is the golden checkpoint: of a narrow network, as the trainer leaves it
// after some epochs.
func golden(t testing.TB) *checkpoint.Checkpoint {
	t.Helper()
	c, err := checkpoint.Load(goldenCheckpoint)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// makeGolden makes it. Its weights come from a hash, the same on every machine.
func makeGolden(t testing.TB) *checkpoint.Checkpoint {
	t.Helper()
	c, err := config.Parse("golden", []byte(`
seed: 5
threads: 2
network: {name: sphereface4, width: 0.0625, embedding: 16}
data: {source: synthetic, people: 12, images: 3}
train: {epochs: 4, batch: 8}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	net, err := c.Network.Build()
	if err != nil {
		t.Fatal(err)
	}
	const classes = 9
	k := &checkpoint.Checkpoint{
		Config: c.Marshal(), Step: 12, Epoch: 4, Seed: c.Seed,
		Data: "synthetic faces, seed 5", Images: 27, Classes: classes, Best: 0.75,
		Validation: &checkpoint.Validation{
			Epoch: 4, List: "validation-pairs.txt",
			Result: verification.Result{
				Accuracy: 0.75, StdErr: 0.0625, Threshold: 0.3125, FAR: 0.125, EER: 0.25, AUC: 0.875,
				Pairs: 16, Same: 8, Different: 8, Folds: make([]verification.Fold, 4),
			},
		},
	}
	for i, p := range append(net.Params(), models.HeadParam(net.Embedding(), classes)) {
		k.Params = append(k.Params, checkpoint.Param{Name: p.Name, Shape: p.Shape, Value: hashed(p, uint32(i))})
	}
	return k
}

// hashed fills a parameter from the hash of the reference tensors, in a range that
// keeps activations around 1.
func hashed(p models.Param, seed uint32) []float32 {
	bound := 0.25
	if len(p.Shape) > 1 {
		bound = math.Sqrt(6 / float64(p.Size()/p.Shape[0]))
	}
	return reference.Tensor(p.Size(), bound, seed)
}

// save writes a checkpoint into a run directory and returns both paths.
func save(t testing.TB, c *checkpoint.Checkpoint) (dir, path string) {
	t.Helper()
	run, err := checkpoint.Create(filepath.Join(t.TempDir(), "run"), c.Config, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := checkpoint.Save(run.Last(), c); err != nil {
		t.Fatal(err)
	}
	return run.Dir, run.Last()
}

// export runs the command with ONNX Runtime at hand and returns what it prints.
func export(t testing.TB, args ...string) (string, error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err := run(context.Background(), append(args, "--ort-library", orttest.Library(t), "--threads", "2"), &stdout, &stderr)
	return stdout.String(), err
}

// The committed checkpoint exports to the committed file, byte for byte.
func TestGolden(t *testing.T) {
	if *update {
		if err := checkpoint.Save(goldenCheckpoint, makeGolden(t)); err != nil {
			t.Fatal(err)
		}
		if _, err := export(t, goldenCheckpoint, "--out", goldenModel); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(t.TempDir(), "model.onnx")
	stdout, err := export(t, goldenCheckpoint, "--out", out)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(stdout)
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(goldenModel)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("export of %s gives other bytes than %s; if that is meant, raise onnx.ProducerVersion and run with -update", goldenCheckpoint, goldenModel)
	}
	if len(want) > 300_000 {
		t.Errorf("%s has %d bytes, too many for a repository", goldenModel, len(want))
	}
	for _, line := range []string{"checkpoint  ../testdata", "worst difference", "embedding", "threshold   0.3125, false-accept rate 0.1250 on 16 pairs of people held out of synthetic faces, seed 5 (validation-pairs.txt)", "model       " + out} {
		if !strings.Contains(stdout, line) {
			t.Errorf("the output lacks %q", line)
		}
	}
}

// The file says what the checkpoint knows.
func TestContract(t *testing.T) {
	dir, _ := save(t, golden(t))
	if _, err := export(t, dir); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := onnx.Check(m); err != nil {
		t.Error(err)
	}
	c, err := onnx.ParseContract(onnx.Metadata(m))
	if err != nil {
		t.Fatal(err)
	}
	if err := onnx.CheckContract(m, c); err != nil {
		t.Error(err)
	}
	if c.Threshold == nil || *c.Threshold != (onnx.Threshold{Value: 0.3125, FAR: 0.125, Data: "16 pairs of people held out of synthetic faces, seed 5 (validation-pairs.txt)"}) {
		t.Errorf("threshold %+v", c.Threshold)
	}
	c.Threshold = nil
	saved, err := os.ReadFile(filepath.Join(dir, "config.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	want := onnx.Contract{
		Network: "sphereface4", Width: 0.0625, Embedding: 16, CropHeight: 112, CropWidth: 96, Mean: 127.5, Std: 128,
		Template:  [5][2]float64{{30.2946, 51.6963}, {65.5318, 51.5014}, {48.0252, 71.7366}, {33.5493, 92.3655}, {62.7299, 92.2041}},
		Alignment: "fixed", Mirror: true,
		TrainingData:   "synthetic faces, seed 5: 27 images of 9 people",
		TrainingResult: "accuracy 0.7500 ± 0.0625 in 4 folds, equal error rate 0.2500, after epoch 4, on 16 pairs of people held out of synthetic faces, seed 5 (validation-pairs.txt)",
		ConfigSHA256:   fmt.Sprintf("%x", sha256.Sum256(saved)),
	}
	if c != want {
		t.Errorf("contract %+v\nwant     %+v", c, want)
	}
	weights, err := onnx.Weights(m)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := weights[models.HeadWeight]; ok {
		t.Error("the head is in the file")
	}
}
