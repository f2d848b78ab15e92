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
	if err := checkCase(dir); err != nil {
		return err
	}
	return replace(dir, temp)
}

// replace puts a folder in the place of another, of which there is nothing left then.
// Neither is missing at any time but between the two renames, and then the old one lies
// beside its place.
func replace(dir, by string) error {
	old := by + ".old"
	if err := os.Rename(dir, old); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(by, dir)
	} else if err != nil {
		return err
	}
	if err := os.Rename(by, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return os.RemoveAll(old)
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

// checkCase refuses to replace what is not an earlier case, or nothing.
func checkCase(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	sets := 0
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case strings.HasPrefix(name, dataSet):
			sets++
		case name != "model.onnx":
			return fmt.Errorf("holds %s, which is no part of a parity case; name another folder", name)
		}
	}
	if sets == 0 {
		return fmt.Errorf("holds a model.onnx and no %s0, so that it is no parity case; name another folder", dataSet)
	}
	return nil
}
