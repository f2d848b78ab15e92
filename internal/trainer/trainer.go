package trainer

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/solver"
	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// Source gives the batches of an epoch, both counted from 0, starting with
// batch first. The batches must depend on nothing but these numbers.
type Source interface {
	Batches() int
	Epoch(ctx context.Context, epoch, first int) iter.Seq2[dataset.Batch, error]
}

// Data is what a run is trained on.
type Data struct {
	Source  Source
	Images  int    // of all people
	Classes int    // people
	Name    string // in words, for the record: "LFW, DevTrain"
	Hash    string // of the images, see [Faces.Hash]; "" if it is not known
}

// Trainer is one training run. It is not safe for concurrent use.
type Trainer struct {
	config config.Config
	data   Data
	net    models.Network
	head   models.Head

	weights  map[string][]float32 // live, the head's included
	model    *graph.Training
	sgd      *solver.SGD
	params   []solver.Param // see solverParams
	schedule solver.Schedule

	step, epoch, batch int // the next to do, from 0
	partial            checkpoint.Sums
	validation         *checkpoint.Validation
	best               float64

	hooks hooks

	unsaved int // steps since the state was last saved or restored
}

// New prepares a run with fresh weights, drawn from the config's seed.
func New(c config.Config, data Data) (*Trainer, error) {
	net, err := c.Network.Build()
	if err != nil {
		return nil, err
	}
	head := c.Head.Build()
	if err := head.Validate(); err != nil {
		return nil, err
	}
	weights := net.Initialize(c.Seed)
	weights[models.HeadWeight] = head.Initialize(net.Embedding(), data.Classes, c.Seed)
	model, err := graph.NewTraining(net, head, data.Classes, weights, graph.Options{
		Batch: c.Train.Batch, Precision: Precision(c), Dropout: c.Network.Dropout, Threads: c.Threads,
	})
	if err != nil {
		return nil, err
	}
	milestones, err := c.Solver.Steps()
	if err != nil {
		return nil, fmt.Errorf("trainer: solver.milestones %w", err)
	}
	batches := data.Source.Batches()
	return &Trainer{
		config: c, data: data, net: net, head: head,
		weights: weights, model: model,
		sgd: solver.New(solver.Options{
			Momentum: c.Solver.Momentum, WeightDecay: c.Solver.WeightDecay,
			ClipNorm: c.Solver.ClipNorm, Threads: c.Threads,
		}),
		schedule: solver.Schedule{
			Kind: c.Solver.Schedule, Rate: c.Solver.Rate, Warmup: c.Solver.Warmup,
			Total: batches * c.Train.Epochs,
			Stair: batches * c.Solver.StepEpochs, Milestones: milestones, Factor: c.Solver.StepFactor,
		},
	}, nil
}

// Network is the network under training.
func (t *Trainer) Network() models.Network { return t.net }

// Weights are the live weights by name: they change with every step.
func (t *Trainer) Weights() map[string][]float32 { return t.weights }

// Params describes all parameters, in the order of the network, the head last.
func (t *Trainer) Params() []models.Param {
	return append(slices.Clone(t.net.Params()), models.HeadParam(t.net.Embedding(), t.data.Classes))
}

// Done reports whether all epochs are done.
func (t *Trainer) Done() bool { return t.epoch >= t.config.Train.Epochs }

// Unsaved returns how many steps were done since the state was last saved or
// restored. After a [NotFiniteError], 0 means that what is saved gives no finite
// loss itself.
func (t *Trainer) Unsaved() int { return t.unsaved }

// Close releases the graph.
func (t *Trainer) Close() error { return t.model.Close() }

// SetWeights replaces the weights of the network, not of the head, by those of
// another training.
func (t *Trainer) SetWeights(weights map[string][]float32) error {
	for _, p := range t.net.Params() {
		w, ok := weights[p.Name]
		if !ok {
			return fmt.Errorf("trainer: there is no tensor %s: weights of another network than %s", p.Name, t.describe())
		}
		if len(w) != p.Size() {
			return fmt.Errorf("trainer: tensor %s has %d values, want %d (%v): weights of another network than %s", p.Name, len(w), p.Size(), p.Shape, t.describe())
		}
		copy(t.weights[p.Name], w)
	}
	return nil
}

// describe names the network for messages.
func (t *Trainer) describe() string {
	return fmt.Sprintf("%s of width %v with an embedding of %d", t.net.Name, t.config.Network.Width, t.net.Embedding())
}
