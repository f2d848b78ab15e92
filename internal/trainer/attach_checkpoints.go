package trainer

import (
	"context"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
)

// AttachCheckpoints saves the state of the run: the last always, the best by
// validation accuracy, and copies for good as the config says.
func AttachCheckpoints(t *Trainer, run checkpoint.Run, c config.Checkpoint) {
	best := 0.0
	saveLast := func(state *checkpoint.Checkpoint) error {
		if err := checkpoint.Save(run.Last(), state); err != nil {
			return err
		}
		t.unsaved = 0
		return nil
	}
	t.OnStep(func(s Step) error {
		if c.Steps == 0 || s.Step%c.Steps != 0 || s.Batch == s.Batches {
			return nil // the end of an epoch saves by itself
		}
		return saveLast(t.Checkpoint())
	})
	t.OnEpoch(func(context.Context, *Epoch) error {
		best = t.best // the mark to beat, before this epoch counts
		return nil
	})
	t.OnSave(func(s Save) error {
		state := t.Checkpoint()
		if e := s.Epoch; e != nil {
			if e.Validation != nil && e.Validation.Accuracy > best {
				if err := checkpoint.Save(run.Best(), state); err != nil {
					return err
				}
			}
			if c.Every > 0 && e.Epoch%c.Every == 0 {
				if err := checkpoint.Save(run.Epoch(e.Epoch), state); err != nil {
					return err
				}
			}
		}
		return saveLast(state)
	})
}
