package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort"
	"github.com/sphereface-go/sphereface/internal/version"
	"github.com/sphereface-go/sphereface/models"
)

// run does what the command line says: results go to stdout, what happens to
// stderr. Nothing is written unless every check has passed.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stdout)
	if err != nil || o.help {
		return err
	}
	if o.version {
		if _, err := fmt.Fprintf(stdout, "%s\n%s\n%d threads; --threads=N takes others\n", version.Of("export"), kernel.Describe(), runtime.GOMAXPROCS(0)); err != nil {
			return err
		}
		return kernel.CheckLevel()
	}
	if err := kernel.CheckLevel(); err != nil {
		return err
	}
	return exporter{options: o, encode: onnx.Encode}.run(ctx, stdout, stderr)
}

// exporter is one export. Tests put a faulty writer in the place of encode.
type exporter struct {
	options
	encode func(models.Network, map[string][]float32, onnx.Contract, onnx.Options) ([]byte, error)
}

var errInterrupted = errors.New("interrupted; no model was written")

// files are the file to export and its variant with all layers as outputs.
type files struct{ model, layers []byte }

func (e exporter) run(ctx context.Context, stdout, stderr io.Writer) error {
	path, err := checkpoint.Find(e.source)
	if err != nil {
		return err
	}
	t, err := load(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "checkpoint  %s: %s of width %g at epoch %d, step %d\n", path, t.network.Name, t.config.Network.Width, t.Epoch, t.Step)
	if e.float16 {
		// Before the paths are compared: they compute with the same values.
		if t.weights, err = onnx.RoundFloat16(t.network, t.weights); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	contract := t.contract(e.threshold)
	var f files
	if f.model, err = e.encode(t.network, t.weights, contract, onnx.Options{Float16: e.float16}); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if f.layers, err = e.encode(t.network, t.weights, contract, onnx.Options{Layers: true, Float16: e.float16}); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	crops, err := e.realCrops(t)
	if err != nil {
		return err
	}
	fmt.Fprintf(stderr, "computing %d random crops and %d of %s along three paths\n", randomCrops, crops.n, crops.origin)
	report, err := e.check(ctx, t, contract, f, crops)
	if err != nil {
		return err
	}
	_, library := ort.Library()
	fmt.Fprintf(stdout, "crops       %d random, %d of %s\nruntime     ONNX Runtime %s\n\n", randomCrops, crops.n, crops.origin, library)
	if err := report.Print(stdout); err != nil {
		return err
	}
	fmt.Fprintln(stdout)
	if e.fixtures != "" {
		if err := e.writeFixtures(ctx, t, f); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "fixtures    %s\n", e.fixtures)
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	if err := writeFile(e.out, f.model); err != nil {
		return err
	}
	if c := contract.Threshold; c != nil {
		fmt.Fprintf(stdout, "threshold   %.4f, false-accept rate %.4f on %s\n", c.Value, c.FAR, c.Data)
	}
	for _, note := range t.notes(path != e.source, e.threshold) {
		fmt.Fprintf(stdout, "note        %s\n", note)
	}
	fmt.Fprintf(stdout, "model       %s, %.1f MB\n", e.out, float64(len(f.model))/1e6)
	return nil
}

// writeFile replaces the file at path as a whole.
func writeFile(path string, data []byte) error {
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// cause drops the operation and the path that errors of files carry, where the
// message names the path already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}
