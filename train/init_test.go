package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/models"
)

// exportModel writes a network with weights of another seed as an .onnx file.
func exportModel(t *testing.T, width float64) (path string, weights map[string][]float32) {
	t.Helper()
	net, err := models.New("sphereface4", models.Options{Width: width, Embedding: 8})
	if err != nil {
		t.Fatal(err)
	}
	weights = net.Initialize(12345)
	data, err := onnx.Encode(net, weights, onnx.Contract{
		Network: net.Name, Width: width, Embedding: net.Embedding(),
		CropHeight: face.CropHeight, CropWidth: face.CropWidth,
		Mean: face.PixelMean, Std: face.PixelScale,
		Template: face.Template(), Alignment: string(face.AlignFixed), Mirror: true,
		TrainingData: "none", TrainingResult: "none", ConfigSHA256: strings.Repeat("0", 64),
	}, onnx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "model.onnx")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path, weights
}

// TestInit starts with exported weights at a rate so low that an epoch does
// not move them, and finds them in the checkpoint.
func TestInit(t *testing.T) {
	model, weights := exportModel(t, 0.0625)
	dir := filepath.Join(t.TempDir(), "run")
	mustRun(t, "--config", writeConfig(t, tiny), "--run", dir, "--init", model,
		"--train.epochs", "1", "--solver.rate", "1e-30", "--solver.warmup", "0")
	state, err := checkpoint.Load(checkpoint.Run{Dir: dir}.Last())
	if err != nil {
		t.Fatal(err)
	}
	got := state.Weights()
	for name, want := range weights {
		for i := range want {
			// Five steps at this rate move a weight by far less than 1e-20.
			if math.Abs(float64(got[name][i])-float64(want[i])) > 1e-20 {
				t.Fatalf("%s[%d] = %v, the file has %v", name, i, got[name][i], want[i])
			}
		}
	}
}

func TestInitOfAnotherNetwork(t *testing.T) {
	model, _ := exportModel(t, 0.125)
	dir := filepath.Join(t.TempDir(), "run")
	wantError(t, []string{"--config", writeConfig(t, tiny), "--run", dir, "--init", model},
		"--init "+model, "want", "weights of another network than sphereface4 of width 0.0625 with an embedding of 8")
	if _, err := os.Stat(dir); err == nil {
		t.Error("a run directory is left behind")
	}
}

// TestInitFromItsOwnRun must not lose the file that it starts with.
func TestInitFromItsOwnRun(t *testing.T) {
	model, _ := exportModel(t, 0.0625)
	dir := filepath.Join(t.TempDir(), "run")
	file := writeConfig(t, tiny)
	mustRun(t, "--config", file, "--run", dir, "--train.epochs", "1")
	own := checkpoint.Run{Dir: dir}.Model()
	if err := os.Rename(model, own); err != nil {
		t.Fatal(err)
	}
	wantError(t, []string{"--config", file, "--run", dir, "--overwrite", "--init", own}, "--init "+own+": --overwrite removes it with its run; copy it elsewhere first")
	if _, err := os.Stat(own); err != nil {
		t.Error(err)
	}
}
