package graph

import (
	"fmt"

	"gorgonia.org/gorgonia"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/models"
)

// Extractor computes embeddings through Gorgonia. It is not safe for
// concurrent use.
type Extractor struct {
	net     *network
	machine gorgonia.VM
}

// NewExtractor builds the graph of net over weights, for batches of exactly
// batch crops.
func NewExtractor(net models.Network, weights map[string][]float32, batch, threads int) (*Extractor, error) {
	n, err := build(net, weights, Options{Batch: batch, Precision: kernel.Float32, Threads: threads}, nil)
	if err != nil {
		return nil, err
	}
	return &Extractor{net: n, machine: gorgonia.NewTapeMachine(n.graph)}, nil
}

// Run computes the embeddings, batch×E row-major, of x, batch×3×112×96. They
// are valid until the next Run.
func (e *Extractor) Run(x []float32) ([]float32, error) {
	if err := setInput(e.net.input, e.net.images, x); err != nil {
		return nil, err
	}
	e.machine.Reset()
	if err := e.machine.RunAll(); err != nil {
		return nil, fmt.Errorf("graph: forward pass: %w", err)
	}
	return floats(e.net.embedding), nil
}

// WeightsChanged must be called between a change of the weights and the next
// Run: the extractor keeps them in the order in which the processor reads them.
func (e *Extractor) WeightsChanged() { e.net.weights.Changed() }

// Layer returns the output of a layer at the last Run, batch×C×H×W row-major,
// or nil for a name that the network does not have or before the first Run.
func (e *Extractor) Layer(name string) []float32 {
	return e.net.output(name)
}

// Close releases the machine.
func (e *Extractor) Close() error { return e.machine.Close() }
