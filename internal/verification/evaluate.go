package verification

import (
	"fmt"
	"math"
	"slices"
)

// DefaultFolds is LFW's number of folds, taken for a list that has none of its own.
const DefaultFolds = 10

// Result is what the protocol says of a set of scores.
type Result struct {
	Accuracy float64 `json:"accuracy"`       // mean over the folds of the share of right decisions
	StdErr   float64 `json:"standard_error"` // of that mean: sample standard deviation over the folds / sqrt(folds)
	// Threshold has the highest accuracy on all pairs together. It is the one to
	// ship with a model; Accuracy does not rest on it.
	Threshold float64 `json:"threshold"`
	FAR       float64 `json:"far"` // false-accept rate at Threshold
	FRR       float64 `json:"frr"` // false-reject rate at Threshold
	EER       float64 `json:"eer"` // equal error rate, interpolated between the curve's corners
	AUC       float64 `json:"auc"` // area under the curve, exact, ties counting one half

	TAR []OperatingPoint `json:"tar_at_far"` // true-accept rates at a FAR of 1e-2 and of 1e-3

	Pairs     int    `json:"pairs"`
	Same      int    `json:"same"`
	Different int    `json:"different"`
	Folds     []Fold `json:"folds"`

	ROC []Point `json:"-"` // from (0, 0) to (1, 1)
}

// Fold is the outcome of one fold.
type Fold struct {
	Pairs     int     `json:"pairs"`
	Right     int     `json:"right"`     // decisions that were right
	Threshold float64 `json:"threshold"` // chosen on the other folds, or on other pairs
}

// Accuracy is the share of the fold's pairs that were judged right.
func (f Fold) Accuracy() float64 { return float64(f.Right) / float64(f.Pairs) }

// Evaluate runs the protocol over the scores. If they carry more than one value
// of Fold, these are the folds, and the argument must be their number or 0.
// Otherwise the scores are cut into that many parts (0: [DefaultFolds]), each
// with an equal share of the same and of the different pairs in the order given.
//
// The threshold of a fold is the one with the highest accuracy on the other
// folds: the middle of the best gap between two similarities, the widest of
// several, the lowest of equally wide ones.
//
// An error says which kind of pair is missing, how many folds are possible, or
// that a similarity is not finite.
func Evaluate(scores []Score, folds int) (Result, error) {
	return evaluate(scores, folds, func(of []int, fold int) (float64, error) {
		var others []Score
		for i, s := range scores {
			if of[i] != fold {
				others = append(others, s)
			}
		}
		d, err := newDistribution(others)
		if err != nil {
			return 0, fmt.Errorf("%w (in the folds other than number %d)", err, fold+1)
		}
		return d.best(), nil
	})
}

// EvaluateAt is Evaluate with thresholds that were chosen on other pairs: one for each
// fold of the scores, in the order of their numbers, or one for all.
func EvaluateAt(scores []Score, folds int, thresholds ...float64) (Result, error) {
	return evaluate(scores, folds, func(of []int, fold int) (float64, error) {
		if len(thresholds) == 1 {
			return thresholds[0], nil
		}
		if n := slices.Max(of) + 1; n != len(thresholds) {
			return 0, fmt.Errorf("verification: %d thresholds for %d folds", len(thresholds), n)
		}
		return thresholds[fold], nil
	})
}

// evaluate runs the protocol with the threshold that choose gives for a fold, knowing
// the fold of each score.
func evaluate(scores []Score, folds int, choose func(of []int, fold int) (float64, error)) (Result, error) {
	all, err := newDistribution(scores)
	if err != nil {
		return Result{}, err
	}
	of, folds, err := assign(scores, folds, all)
	if err != nil {
		return Result{}, err
	}
	r := Result{
		Threshold: all.best(),
		AUC:       all.auc(),
		TAR:       []OperatingPoint{all.atFAR(1e-2), all.atFAR(1e-3)},
		Pairs:     len(scores),
		Same:      all.same,
		Different: all.different,
		Folds:     make([]Fold, folds),
		ROC:       all.roc(),
	}
	r.EER = eer(r.ROC)
	r.FAR, r.FRR = Rates(scores, r.Threshold)
	for i := range r.Folds {
		threshold, err := choose(of, i)
		if err != nil {
			return Result{}, err
		}
		r.Folds[i] = judge(scores, of, i, threshold)
	}
	r.Accuracy, r.StdErr = meanAndError(r.Folds)
	return r, nil
}

// CheckFolds is the error that Evaluate will give of a list and a number of folds
// whatever the similarities are: it can be had before they are computed.
func CheckFolds(scores []Score, folds int) error {
	alike := slices.Clone(scores)
	for i := range alike {
		alike[i].Similarity = 0
	}
	_, err := Evaluate(alike, folds)
	return err
}

// judge applies a threshold to the scores of a fold.
func judge(scores []Score, of []int, fold int, threshold float64) Fold {
	f := Fold{Threshold: threshold}
	for i, s := range scores {
		if of[i] != fold {
			continue
		}
		f.Pairs++
		if s.right(threshold) {
			f.Right++
		}
	}
	return f
}

// right reports whether the pair is judged right.
func (s Score) right(threshold float64) bool { return (s.Similarity >= threshold) == s.Same }

// meanAndError follows the LFW report: the standard error is the sample standard
// deviation (k-1 in the denominator) of the folds' accuracies over sqrt(k).
func meanAndError(folds []Fold) (mean, stdErr float64) {
	k := float64(len(folds))
	for _, f := range folds {
		mean += f.Accuracy()
	}
	mean /= k
	var squares float64
	for _, f := range folds {
		d := f.Accuracy() - mean
		squares += d * d
	}
	return mean, math.Sqrt(squares / (k - 1) / k)
}
