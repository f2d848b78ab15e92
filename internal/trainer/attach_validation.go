package trainer

import (
	"context"
	"errors"
	"fmt"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// Held are the held-out people and the pairs of their faces.
type Held struct {
	Set  *dataset.Set
	List dataset.PairList
	Name string // of the list
}

// AttachValidation compares the pairs of held-out people after every so many
// epochs and after the last. features must be built over the weights of t;
// done, if not nil, is told how many images of how many are through, at first none.
func AttachValidation(t *Trainer, features *Features, held Held, every int, done func(images, of int)) {
	crop := func(r dataset.Ref) (face.Crop, error) {
		i, err := held.Set.Index(r)
		if err != nil {
			return face.Crop{}, err
		}
		return held.Set.Crop(i)
	}
	t.OnEpoch(func(ctx context.Context, e *Epoch) error {
		if e.Epoch%every != 0 && e.Epoch != e.Epochs {
			return nil
		}
		result, err := Judge(ctx, features, held.List, 0, crop, done)
		if errors.Is(err, verification.ErrNotFinite) {
			n := t.data.Source.Batches()
			return &NotFiniteError{"embedding of a held-out face", Step{Epoch: e.Epoch, Batch: n, Batches: n, Rate: e.Rate, Lambda: e.Lambda}}
		}
		if err != nil {
			return fmt.Errorf("trainer: validation after epoch %d: %w", e.Epoch, err)
		}
		e.Validation = &checkpoint.Validation{Epoch: e.Epoch, List: held.Name, Result: result}
		return nil
	})
}
