package verification

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// A Score is the similarity of one pair of images and the truth about it.
type Score struct {
	Similarity float64 // finite; higher means more alike
	Same       bool    // whether both images show the same person
	Fold       int     // the pair's fold in its list; the same for all pairs if the list has none
}

// group counts the pairs that have one and the same similarity.
type group struct {
	similarity      float64
	same, different int
}

// distribution is a set of scores, sorted and counted: everything but the folds
// follows from it.
type distribution struct {
	groups          []group // by similarity, lowest first, no two alike
	same, different int
}

// ErrNotFinite is why a pair cannot be judged.
var ErrNotFinite = errors.New("an embedding is zero or not finite")

func newDistribution(scores []Score) (distribution, error) {
	var d distribution
	sorted := slices.Clone(scores)
	slices.SortFunc(sorted, func(a, b Score) int { return cmp.Compare(a.Similarity, b.Similarity) })
	for _, s := range sorted {
		if math.IsNaN(s.Similarity) || math.IsInf(s.Similarity, 0) {
			return d, fmt.Errorf("verification: a pair has a similarity of %v: %w: take another model or checkpoint", s.Similarity, ErrNotFinite)
		}
		if n := len(d.groups); n == 0 || d.groups[n-1].similarity != s.Similarity {
			d.groups = append(d.groups, group{similarity: s.Similarity})
		}
		g := &d.groups[len(d.groups)-1]
		if s.Same {
			g.same++
			d.same++
		} else {
			g.different++
			d.different++
		}
	}
	switch {
	case len(scores) == 0:
		return d, errors.New("verification: no pairs: give some")
	case d.same == 0:
		return d, fmt.Errorf("verification: none of the %d pairs shows the same person twice: give some that do", len(scores))
	case d.different == 0:
		return d, fmt.Errorf("verification: none of the %d pairs shows two different people: give some that do", len(scores))
	}
	return d, nil
}

// cut returns a threshold that accepts groups[i:] and rejects the rest, for i
// from 0 (accept all) to len(groups) (accept none): the middle of the gap, so
// that rounding in a later run moves no pair across it.
func (d distribution) cut(i int) float64 {
	switch i {
	case 0:
		return d.groups[0].similarity
	case len(d.groups):
		return math.Nextafter(d.groups[i-1].similarity, math.Inf(1))
	}
	low, high := d.groups[i-1].similarity, d.groups[i].similarity
	if middle := low + (high-low)/2; middle > low {
		return middle
	}
	return high // neighbours in float64: no value lies between them
}
