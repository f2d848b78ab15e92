package main

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/sphereface-go/sphereface/models"
)

// The solver of both sides. The rate is so low because the one batch is learned
// over and over: at a usual one its loss, and with it every gradient, would be
// near zero soon, and the arithmetic no longer that of a training.
const (
	rate        = 1e-4
	momentum    = 0.9
	weightDecay = 5e-4
)

// problem is what both sides compute: a network, a head, and one batch in memory.
type problem struct {
	net     models.Network
	head    models.Head
	classes int
	batch   int

	weights map[string][]float32 // the first ones, the head's among them
	images  []float32
	labels  []int32
}

// newProblem draws weights, images and labels from a fixed seed.
func newProblem(network string, batch, classes int) (*problem, error) {
	net, err := models.New(network, models.Options{})
	if err != nil {
		return nil, err
	}
	p := &problem{
		net: net, classes: classes, batch: batch,
		head:    models.Head{Kind: models.ASoftmax, Margin: 4, LambdaMin: 10},
		weights: net.Initialize(1),
		images:  crops(net, batch),
		labels:  make([]int32, batch),
	}
	p.weights[models.HeadWeight] = p.head.Initialize(net.Embedding(), classes, 1)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range p.labels {
		p.labels[i] = r.Int32N(int32(classes))
	}
	return p, nil
}

// crops are n images of noise in the range of the network's input.
func crops(net models.Network, n int) []float32 {
	r := rand.New(rand.NewPCG(1, 1))
	x := make([]float32, n*net.Input.Size())
	for i := range x {
		x[i] = 2*r.Float32() - 1
	}
	return x
}

// params are the network's parameters, then the head's.
func (p *problem) params() []models.Param {
	return append(p.net.Params(), models.HeadParam(p.net.Embedding(), p.classes))
}

// lambda is λ where it has stopped falling, as in most of a training.
func (p *problem) lambda() float64 { return p.head.LambdaMin }

// copyWeights are weights that a training may change.
func (p *problem) copyWeights() map[string][]float32 {
	own := maps.Clone(p.weights)
	for name, values := range own {
		own[name] = slices.Clone(values)
	}
	return own
}
