package main

import (
	"context"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/solver"
	"github.com/sphereface-go/sphereface/models/graph"
)

// trainer is our side of the training step: what internal/trainer does with a
// batch, forward, backward, and the solver.
type trainer struct {
	problem *problem
	model   *graph.Training
	sgd     *solver.SGD
	losses  []float64 // of every step so far
}

func newTrainer(p *problem, precision kernel.Precision, threads int) (*trainer, error) {
	model, err := graph.NewTraining(p.net, p.head, p.classes, p.copyWeights(), graph.Options{Batch: p.batch, Precision: precision, Threads: threads})
	if err != nil {
		return nil, err
	}
	sgd := solver.New(solver.Options{Momentum: momentum, WeightDecay: weightDecay, Threads: threads})
	return &trainer{problem: p, model: model, sgd: sgd}, nil
}

func (t *trainer) step() error {
	loss, _, err := t.model.Step(t.problem.images, t.problem.labels, t.problem.lambda(), 0)
	if err != nil {
		return err
	}
	t.losses = append(t.losses, loss)
	params := t.model.Params()
	solved := make([]solver.Param, len(params))
	for i, p := range params {
		solved[i] = solver.Param{Name: p.Name, Value: p.Value, Grad: p.Grad, Decay: p.Decay}
	}
	_, err = t.sgd.Step(solved, rate)
	return err
}

func (t *trainer) run(ctx context.Context, n int) ([]float64, error) { return timed(ctx, n, t.step) }

func (t *trainer) close() error { return t.model.Close() }
