package graph

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/ops"
	"github.com/sphereface-go/sphereface/models"
)

// Training is a network with a head, a loss, and the gradient of every
// parameter. It is not safe for concurrent use.
type Training struct {
	net     *network
	labels  *gorgonia.Node
	people  []int32       // the storage of labels
	lambda  *gorgonia.F32 // the value of its node
	key     uint64        // of what is dropped out
	loss    *ops.Loss
	params  gorgonia.Nodes
	grads   gorgonia.Nodes
	list    []Param // see Params
	machine gorgonia.VM
}

// Param is a parameter under training. Value and Grad are live storage.
type Param struct {
	models.Param
	// Value is the storage that was given to [NewTraining].
	Value []float32
	// Grad is the gradient of the last step's loss; nil before the first.
	Grad []float32
}

// Options say how a graph computes.
type Options struct {
	// Batch is the number of crops in a run: all runs have as many.
	Batch int
	// Precision is what the products of the network's layers are made of, forward and
	// backward; a training's head computes in float32.
	Precision kernel.Precision
	// Dropout is the share of the places of the last map that a step of training drops
	// out, from 0 to below 1.
	Dropout float64
	// Threads is how many goroutines share an operator's work.
	Threads int
}

// NewTraining builds the graph of net, head and loss over weights, which holds
// the network's parameters and models.HeadWeight, for crops of classes people.
func NewTraining(net models.Network, head models.Head, classes int, weights map[string][]float32, o Options) (*Training, error) {
	if err := head.Validate(); err != nil {
		return nil, err
	}
	if classes < 2 {
		return nil, fmt.Errorf("graph: %d classes: want 2 people or more to tell apart", classes)
	}
	t := &Training{lambda: gorgonia.NewF32(0)}
	n, err := build(net, weights, o, &t.key)
	if err != nil {
		return nil, err
	}
	t.net, t.people = n, make([]int32, o.Batch)
	spec := models.HeadParam(net.Embedding(), classes)
	if len(weights[spec.Name]) != spec.Size() {
		return nil, fmt.Errorf("graph: %s has %d elements, want %d of shape %v", spec.Name, len(weights[spec.Name]), spec.Size(), spec.Shape)
	}
	t.labels = inputNode(n.graph, "labels", t.people, o.Batch)
	lambda := gorgonia.NewScalar(n.graph, tensor.Float32, gorgonia.WithName("lambda"), gorgonia.WithValue(t.lambda))
	w := paramNode(n.graph, spec, weights[spec.Name])
	t.loss, err = ops.MarginSoftmax(n.embedding, w, t.labels, lambda, margin(head), o.Threads)
	if err != nil {
		return nil, fmt.Errorf("graph: head %s: %w", head.Kind, err)
	}
	t.params = append(n.params, w)
	t.grads, err = gorgonia.Grad(t.loss.Mean, t.params...)
	if err != nil {
		return nil, fmt.Errorf("graph: gradients of %s with head %s: %w", net.Name, head.Kind, err)
	}
	for i, p := range append(net.Params(), spec) {
		t.list = append(t.list, Param{Param: p, Value: floats(t.params[i])})
	}
	t.machine = gorgonia.NewTapeMachine(n.graph)
	return t, nil
}

// margin is the head as the operator takes it.
func margin(h models.Head) ops.Margin {
	return ops.Margin{
		Name:            fmt.Sprintf("%+v", h),
		NormalizeWeight: h.NormalizesWeight(),
		FeatureScale:    h.FeatureScale(),
		Target:          h.Target,
	}
}

// Step runs a batch forward and backward: x is batch×3×112×96, labels the
// people. It returns the mean loss and how many images the head judged right
// (margin aside), and leaves the gradients in Params. It changes no weight. What
// is dropped out is a function of key, which is to be another one at each step.
func (t *Training) Step(x []float32, labels []int32, lambda float64, key uint64) (loss float64, correct int, err error) {
	if err := setInput(t.net.input, t.net.images, x); err != nil {
		return 0, 0, err
	}
	if err := setInput(t.labels, t.people, labels); err != nil {
		return 0, 0, err
	}
	*t.lambda, t.key = gorgonia.F32(lambda), key
	t.machine.Reset()
	if err := t.machine.RunAll(); err != nil {
		return 0, 0, fmt.Errorf("graph: training step: %w", err)
	}
	return float64(t.loss.Last()), t.loss.Correct(), nil
}

// Params are the network's parameters in layer order, then the head's. The list
// is one that each call brings up to date.
func (t *Training) Params() []Param {
	for i, grad := range t.grads {
		t.list[i].Grad = floats(grad)
	}
	return t.list
}

// Close releases the machine.
func (t *Training) Close() error { return t.machine.Close() }
