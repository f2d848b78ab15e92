package main

import (
	"fmt"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/onnxgo"
	"github.com/sphereface-go/sphereface/internal/readfile"
)

// maxModel bounds the bytes of an exported file, as protobuf does.
const maxModel = 1<<31 - 1

// initial reads the weights that a new run is to start with, nil without --init.
func (o options) initial(run checkpoint.Run) (map[string][]float32, error) {
	if o.init == "" {
		return nil, nil
	}
	if o.overwrite && atomicfile.Same(o.init, run.Model()) {
		return nil, fmt.Errorf("--init %s: --overwrite removes it with its run; copy it elsewhere first", o.init)
	}
	model, err := readfile.AtMost(o.init, maxModel)
	if err != nil {
		return nil, fmt.Errorf("--init %s: %w; name a file that export has written", o.init, readfile.Plain(err))
	}
	weights, _, err := onnxgo.ReadWeights(model)
	if err != nil {
		return nil, fmt.Errorf("--init %s: %w", o.init, err)
	}
	return weights, nil
}
