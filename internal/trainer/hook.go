package trainer

import (
	"context"
	"time"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
)

// Step reports one solver step.
type Step struct {
	Epoch, Epochs  int // the running epoch, counted from 1, and all
	Batch, Batches int // the batch just done, counted from 1, and all of the epoch
	Step           int // steps done in all

	Loss    float64 // mean over the batch
	Correct int     // images whose own class had the highest logit
	Images  int     // images of the batch

	Lambda float64       // λ of A-Softmax at this step
	Rate   float64       // learning rate of this step
	Norm   float64       // norm of the gradient before clipping
	Took   time.Duration // since the step before, waiting for data included

	Running checkpoint.Sums // over the epoch so far, this step included
}

// Epoch reports one pass over the data.
type Epoch struct {
	Epoch, Epochs int // epochs done, this one included, and all
	Step          int // steps done in all

	Loss     float64 // mean over the images
	Accuracy float64 // share of the images whose own class had the highest logit
	Lambda   float64 // λ of A-Softmax at the last step
	Rate     float64 // learning rate of the last step

	// Validation is the result on held-out people after this epoch, nil if it
	// was not validated.
	Validation *checkpoint.Validation
}

// hooks are called in the order in which they were added. The first error
// stops the run.
type hooks struct {
	step  []func(Step) error
	epoch []func(context.Context, *Epoch) error
	save  []func(Save) error
}

// Save says why the state of the run is about to be saved.
type Save struct {
	Epoch *Epoch // the epoch just done; nil for a stop within an epoch
}

// OnStep adds a hook that is called after every step.
func (t *Trainer) OnStep(f func(Step) error) { t.hooks.step = append(t.hooks.step, f) }

// OnEpoch adds a hook that is called at the end of every epoch, before the
// epoch counts as done: a run that is stopped in such a hook comes back to it
// when it is resumed.
func (t *Trainer) OnEpoch(f func(context.Context, *Epoch) error) {
	t.hooks.epoch = append(t.hooks.epoch, f)
}

// OnSave adds a hook that is called where a run should be saved: at its start,
// when an epoch is done, and when the run is stopped.
func (t *Trainer) OnSave(f func(Save) error) { t.hooks.save = append(t.hooks.save, f) }
