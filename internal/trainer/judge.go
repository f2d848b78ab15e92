package trainer

import (
	"context"

	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// Judge compares the pairs of a list and runs the verification protocol over
// them. crop gives an image that the list names and must be safe for
// concurrent use; folds is for a list that has none of its own. done, if not
// nil, is told how many images of how many are through, at first none.
func Judge(ctx context.Context, f *Features, list dataset.PairList, folds int, crop func(dataset.Ref) (face.Crop, error), done func(images, of int)) (verification.Result, error) {
	at := map[dataset.Ref]int{}
	var refs []dataset.Ref
	for _, p := range list.Pairs {
		for _, r := range []dataset.Ref{p.A, p.B} {
			if _, ok := at[r]; !ok {
				at[r] = len(refs)
				refs = append(refs, r)
			}
		}
	}
	tell := func(n int) {
		if done != nil {
			done(n, len(refs))
		}
	}
	tell(0)
	features, err := f.Extract(ctx, len(refs), func(i int) (face.Crop, error) { return crop(refs[i]) }, tell)
	if err != nil {
		return verification.Result{}, err
	}
	scores := make([]verification.Score, len(list.Pairs))
	for i, p := range list.Pairs {
		scores[i] = verification.Score{
			Similarity: verification.Cosine(features[at[p.A]], features[at[p.B]]),
			Same:       p.Same, Fold: p.Fold,
		}
	}
	if list.Folds > 1 {
		folds = list.Folds
	}
	return verification.Evaluate(scores, folds)
}
