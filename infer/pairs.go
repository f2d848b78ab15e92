package main

import (
	"fmt"

	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// pairSet is a pair list with the files that it means, each once.
type pairSet struct {
	list  dataset.PairList
	paths []string
	a, b  []int // indices into paths, by pair
}

// readPairs reads the list and finds all its images, before any is computed.
func readPairs(images, pairs string) (*pairSet, error) {
	list, err := dataset.ReadPairs(pairs)
	if err != nil {
		return nil, err
	}
	lookup, err := dataset.NewLookup(images)
	if err != nil {
		return nil, err
	}
	s := &pairSet{list: list}
	seen := make(map[string]int)
	find := func(r dataset.Ref) (int, error) {
		path, err := lookup.Path(r)
		if err != nil {
			return 0, err
		}
		i, ok := seen[path]
		if !ok {
			i = len(s.paths)
			seen[path] = i
			s.paths = append(s.paths, path)
		}
		return i, nil
	}
	for i, p := range list.Pairs {
		a, err := find(p.A)
		b := a
		if err == nil {
			b, err = find(p.B)
		}
		if err != nil {
			// The header is line 1, and a list has no blank lines between its pairs.
			return nil, fmt.Errorf("%s:%d: %w", pairs, i+2, err)
		}
		s.a, s.b = append(s.a, a), append(s.b, b)
	}
	return s, nil
}

// unjudged are the pairs' scores before there are similarities: these are 0.
func (s *pairSet) unjudged() []verification.Score {
	scores := make([]verification.Score, len(s.list.Pairs))
	for i, p := range s.list.Pairs {
		scores[i] = verification.Score{Same: p.Same, Fold: p.Fold}
	}
	return scores
}
