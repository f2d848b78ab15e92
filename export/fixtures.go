package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/parity"
	"github.com/sphereface-go/sphereface/models/graph"
)

// fixtureBatches are the numbers of crops in the data sets 0, 1 and 2 of a case.
var fixtureBatches = [...]int{1, 2, 7}

const dataSet = "test_data_set_"

// writeFixtures writes a case in the layout of ONNX's backend tests: model.onnx,
// the variant of the exported file whose outputs from 1 on are the layers, and
// in test_data_set_0 to 2 input_0.pb and an output_I.pb for each output, with
// the values of the trainer's graph. A case that is there already is replaced
// as a whole.
func (e exporter) writeFixtures(ctx context.Context, t trained, f files) error {
	sets, err := dataSets(ctx, t, e.threads)
	if err != nil {
		return err
	}
	dir := filepath.Clean(e.fixtures)
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("--fixtures %s: %w", dir, atomicfile.Advise(cause(err)))
	}
	return writeCase(dir, f.layers, sets)
}

// dataSets computes for each number of crops the input and then the outputs of
// the variant with all layers, in its order.
func dataSets(ctx context.Context, t trained, threads int) ([][]onnx.Tensor, error) {
	var sets [][]onnx.Tensor
	for i, n := range fixtureBatches {
		if ctx.Err() != nil {
			return nil, errInterrupted
		}
		set, err := computeSet(t, n, uint64(i), threads)
		if err != nil {
			return nil, fmt.Errorf("--fixtures: %w", err)
		}
		sets = append(sets, set)
	}
	return sets, nil
}

// computeSet computes the data set of n crops of noise.
func computeSet(t trained, n int, seed uint64, threads int) ([]onnx.Tensor, error) {
	extractor, err := graph.NewExtractor(t.network, t.weights, n, threads)
	if err != nil {
		return nil, err
	}
	defer extractor.Close()
	in := t.network.Input
	x := parity.RandomCrops(n, in.Size(), seed)
	embedding, err := extractor.Run(x)
	if err != nil {
		return nil, err
	}
	set := []onnx.Tensor{
		{Name: onnx.InputName, Shape: []int{n, in.C, in.H, in.W}, Data: x},
		{Name: onnx.OutputName, Shape: []int{n, t.network.Embedding()}, Data: embedding},
	}
	last := len(t.network.Layers) - 1
	for i, l := range t.network.Layers[:last] {
		set = append(set, onnx.Tensor{
			Name: onnx.LayerOutput(t.network, i), Shape: []int{n, l.Out.C, l.Out.H, l.Out.W}, Data: extractor.Layer(l.Name),
		})
	}
	return set, nil
}

// writeCase makes the folder of a case beside its place and moves it there.
func writeCase(dir string, model []byte, sets [][]onnx.Tensor) (err error) {
	temp, err := os.MkdirTemp(filepath.Dir(dir), "."+filepath.Base(dir)+"-*")
	if err != nil {
		return fmt.Errorf("--fixtures %s: %w", dir, atomicfile.Advise(cause(err)))
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(temp) // the first error is the one to tell
			err = fmt.Errorf("--fixtures %s: %w", dir, atomicfile.Advise(cause(err)))
		}
	}()
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(temp, "model.onnx"), model, 0o644); err != nil {
		return err
	}
	for i, set := range sets {
		if err := writeSet(filepath.Join(temp, fmt.Sprint(dataSet, i)), set); err != nil {
			return err
		}
	}
	if err := removeCase(dir); err != nil {
		return err
	}
	return os.Rename(temp, dir)
}

// writeSet writes the input and the outputs of one data set.
func writeSet(dir string, set []onnx.Tensor) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	for i, tensor := range set {
		name := "input_0.pb"
		if i > 0 {
			name = fmt.Sprintf("output_%d.pb", i-1)
		}
		data, err := onnx.EncodeTensor(tensor)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// removeCase removes an earlier case, and nothing that is not one.
func removeCase(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if name := entry.Name(); name != "model.onnx" && !strings.HasPrefix(name, dataSet) {
			return fmt.Errorf("holds %s, which is no part of a parity case; name another folder", name)
		}
	}
	return os.RemoveAll(dir)
}
