package verification

import (
	"fmt"
	"slices"
)

// assign gives the fold of each score, from 0 to the returned number less one.
func assign(scores []Score, folds int, d distribution) ([]int, int, error) {
	if folds < 0 || folds == 1 {
		return nil, 0, fmt.Errorf("verification: %d folds: at least 2 are needed, one to test on and one to choose the threshold on", folds)
	}
	var names []int
	for _, s := range scores {
		names = append(names, s.Fold)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 1 {
		return split(scores, folds, d)
	}
	if folds != 0 && folds != len(names) {
		return nil, 0, fmt.Errorf("verification: the pairs come in %d folds of their own, not in %d; ask for their number or for none", len(names), folds)
	}
	of := make([]int, len(scores))
	for i, s := range scores {
		of[i], _ = slices.BinarySearch(names, s.Fold)
	}
	return of, len(names), nil
}

// split cuts the pairs of the same person, in their order, into equal parts
// (sizes differ by at most one), and so the pairs of different people: as LFW's
// own folds, each has its share of both.
func split(scores []Score, folds int, d distribution) ([]int, int, error) {
	if folds == 0 {
		folds = DefaultFolds
	}
	if fewest := min(d.same, d.different); fewest < folds {
		return nil, 0, fmt.Errorf("verification: %d pairs of the same person and %d of different people cannot be cut into %d folds with some of both; ask for fewer folds or give more pairs", d.same, d.different, folds)
	}
	of := make([]int, len(scores))
	same, different := 0, 0
	for i, s := range scores {
		if s.Same {
			of[i] = same * folds / d.same
			same++
		} else {
			of[i] = different * folds / d.different
			different++
		}
	}
	return of, folds, nil
}
