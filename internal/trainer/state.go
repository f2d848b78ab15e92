package trainer

import (
	"errors"
	"fmt"
	"slices"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
)

// Checkpoint returns the state of the run. Its tensors are live: save it before
// the next step.
func (t *Trainer) Checkpoint() *checkpoint.Checkpoint {
	c := &checkpoint.Checkpoint{
		Config: t.config.Marshal(),
		Step:   t.step, Epoch: t.epoch, Batch: t.batch, Seed: t.config.Seed,
		Partial: t.partial,
		Data:    t.data.Name, Images: t.data.Images, Classes: t.data.Classes, DataHash: t.data.Hash,
		Validation: t.validation, Best: t.best,
	}
	for _, p := range t.Params() {
		c.Params = append(c.Params, checkpoint.Param{
			Name: p.Name, Shape: p.Shape,
			Value: t.weights[p.Name], Momentum: t.sgd.Velocity(p.Name),
		})
	}
	return c
}

// Restore brings the run to the state of a checkpoint. An error names the
// tensor or the setting that does not fit, and leaves the run as it was.
func (t *Trainer) Restore(c *checkpoint.Checkpoint) error {
	if err := c.Match(t.describe(), t.Params()); err != nil {
		return err
	}
	if c.Seed != t.config.Seed {
		return fmt.Errorf("its seed is %d, the config's %d: the images would come in another order", c.Seed, t.config.Seed)
	}
	if c.Images != t.data.Images {
		return fmt.Errorf("it was trained on %d images, the data are now %d: bring back the data as they were", c.Images, t.data.Images)
	}
	if c.DataHash != "" && t.data.Hash != "" && c.DataHash != t.data.Hash {
		return errors.New("it was trained on other images than the data hold now (people or files have changed): bring back the data as they were, or start another run")
	}
	if n := t.data.Source.Batches(); c.Batch > n || c.Step != c.Epoch*n+c.Batch {
		return fmt.Errorf("its step %d is not batch %d of epoch %d with %d batches an epoch", c.Step, c.Batch, c.Epoch, n)
	}
	for _, p := range c.Params {
		copy(t.weights[p.Name], p.Value)
		t.sgd.SetVelocity(p.Name, slices.Clone(p.Momentum))
	}
	t.step, t.epoch, t.batch = c.Step, c.Epoch, c.Batch
	t.partial, t.validation, t.best = c.Partial, c.Validation, c.Best
	t.unsaved = 0
	return nil
}
