package trainer

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/solver"
)

// ErrStopped is returned by [Trainer.Run] when its context was cancelled: the
// step that was running is finished and the state is saved.
var ErrStopped = errors.New("stopped")

// NotFiniteError says that the loss, its gradient or an embedding in validation
// became infinite or no number. Nothing is saved.
type NotFiniteError struct {
	What string // "loss", "gradient", "embedding of a held-out face"
	Step Step
}

func (e *NotFiniteError) Error() string {
	return fmt.Sprintf("trainer: the %s is not finite in epoch %d, batch %d of %d (rate %.3g, λ %.4g): try a lower --solver.rate, a longer --solver.warmup, or --solver.clip_norm 5",
		e.What, e.Step.Epoch, e.Step.Batch, e.Step.Batches, e.Step.Rate, e.Step.Lambda)
}

// Run trains until all epochs are done, a hook fails, or ctx is cancelled. What was done
// until then is saved, but for a [NotFiniteError].
func (t *Trainer) Run(ctx context.Context) error {
	if err := t.callSave(Save{}); err != nil {
		return err
	}
	for !t.Done() {
		if err := t.runEpoch(ctx); err != nil {
			return t.halt(ctx, err)
		}
	}
	return nil
}

// halt saves the state after the last whole step and gives the error to tell.
func (t *Trainer) halt(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		if err := t.callSave(Save{}); err != nil {
			return err
		}
		return ErrStopped
	}
	_, notFinite := errors.AsType[*NotFiniteError](err)
	_, unsaved := errors.AsType[*saveError](err)
	if !notFinite && !unsaved {
		// The steps are good, whatever failed after them, such as a figure. If this
		// fails, too, the first error is still the one to tell.
		_ = t.callSave(Save{})
	}
	return err
}

// saveError says that the state at the end of an epoch could not be saved with all that
// is saved then. To save the last state alone would pass the rest over: a resumed run
// would not come to this end again.
type saveError struct{ err error }

func (e *saveError) Error() string { return e.err.Error() }
func (e *saveError) Unwrap() error { return e.err }

func (t *Trainer) runEpoch(ctx context.Context) error {
	last := time.Now()
	for batch, err := range t.data.Source.Epoch(ctx, t.epoch, t.batch) {
		if err != nil {
			return err
		}
		s, err := t.runStep(batch)
		if err != nil {
			return err
		}
		now := time.Now()
		s.Took, last = now.Sub(last), now
		for _, f := range t.hooks.step {
			if err := f(s); err != nil {
				return err
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if n := t.data.Source.Batches(); t.batch != n {
		return fmt.Errorf("trainer: epoch %d ended after %d of %d batches", t.epoch+1, t.batch, n)
	}
	return t.endEpoch(ctx)
}

// runStep computes one step and moves the state past it.
func (t *Trainer) runStep(b dataset.Batch) (Step, error) {
	s := Step{
		Epoch: t.epoch + 1, Epochs: t.config.Train.Epochs,
		Batch: t.batch + 1, Batches: t.data.Source.Batches(),
		Step:   t.step + 1,
		Images: b.N,
		Lambda: t.head.Lambda(t.step),
		Rate:   t.schedule.At(t.step),
	}
	var err error
	s.Loss, s.Correct, err = t.model.Step(b.X, b.Labels, s.Lambda, t.draw())
	if err != nil {
		return s, err
	}
	if math.IsNaN(s.Loss) || math.IsInf(s.Loss, 0) {
		return s, &NotFiniteError{"loss", s}
	}
	s.Norm, err = t.sgd.Step(t.solverParams(), s.Rate)
	if errors.Is(err, solver.ErrNotFinite) {
		return s, &NotFiniteError{"gradient", s}
	} else if err != nil {
		return s, err
	}
	t.partial.Loss += s.Loss * float64(b.N)
	t.partial.Correct += s.Correct
	t.partial.Images += b.N
	t.step++
	t.batch++
	t.unsaved++
	s.Running = t.partial
	return s, nil
}

// draw gives the random number of a step, of which nothing depends on the steps before.
func (t *Trainer) draw() uint64 { return rand.NewPCG(t.config.Seed, uint64(t.step)).Uint64() }

// solverParams asks the graph anew each step, as it may move its gradients, and
// makes the list at the first.
func (t *Trainer) solverParams() []solver.Param {
	t.params = t.params[:0]
	for _, p := range t.model.Params() {
		t.params = append(t.params, solver.Param{Name: p.Name, Value: p.Value, Grad: p.Grad, Decay: p.Decay})
	}
	return t.params
}

// endEpoch calls the hooks and only then counts the epoch as done.
func (t *Trainer) endEpoch(ctx context.Context) error {
	images := float64(t.partial.Images)
	e := &Epoch{
		Epoch: t.epoch + 1, Epochs: t.config.Train.Epochs, Step: t.step,
		Loss:     t.partial.Loss / images,
		Accuracy: float64(t.partial.Correct) / images,
		Lambda:   t.head.Lambda(t.step - 1),
		Rate:     t.schedule.At(t.step - 1),
	}
	for _, f := range t.hooks.epoch {
		if err := f(ctx, e); err != nil {
			return err
		}
	}
	if e.Validation != nil {
		t.validation = e.Validation
		t.best = max(t.best, e.Validation.Accuracy)
	}
	t.epoch++
	t.batch = 0
	t.partial = checkpoint.Sums{}
	if err := t.callSave(Save{Epoch: e}); err != nil {
		return &saveError{err}
	}
	return nil
}

func (t *Trainer) callSave(s Save) error {
	for _, f := range t.hooks.save {
		if err := f(s); err != nil {
			return err
		}
	}
	return nil
}
