package main

import (
	"context"
	"fmt"

	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/parity"
)

// randomCrops is how many crops of noise are compared beside the real ones.
const randomCrops = 2

// check refuses files that break ONNX's rules, whose metadata is not the
// contract, or that compute something else than the trainer's graph. The report
// is of all crops together.
func (e exporter) check(ctx context.Context, t trained, c onnx.Contract, f files, real crops) (report parity.Report, err error) {
	for _, data := range [][]byte{f.model, f.layers} {
		m, err := onnx.Decode(data)
		if err == nil {
			err = onnx.Check(m)
		}
		if err == nil {
			err = onnx.CheckContract(m, c)
		}
		if err != nil {
			return report, fmt.Errorf("the model fails its check and is not written: %w: this is a fault of export, report it with the checkpoint", err)
		}
	}
	comparison, err := parity.Open(parity.Subject{
		Network: t.network, Weights: t.weights, Model: f.model, Layers: f.layers, Threads: e.threads, Library: e.library,
	})
	if err != nil {
		return report, fmt.Errorf("the model cannot be compared and is not written: %w", err)
	}
	defer func() {
		if closeErr := comparison.Close(); err == nil {
			err = closeErr
		}
	}()
	for _, batch := range []crops{{x: parity.RandomCrops(randomCrops, t.network.Input.Size(), 1), n: randomCrops}, real} {
		if ctx.Err() != nil {
			return report, errInterrupted
		}
		part, err := comparison.Run(batch.x, batch.n)
		if err != nil {
			return report, fmt.Errorf("the model cannot be compared and is not written: %w", err)
		}
		report = report.Merge(part)
	}
	if err := report.Err(); err != nil {
		return report, fmt.Errorf("the model does not compute what the trainer does and is not written: %w: try another ONNX Runtime with --ort-library, or report it with the checkpoint", err)
	}
	return report, nil
}
