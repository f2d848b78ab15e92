package dataset

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Streams keep the random numbers of different purposes apart under one seed.
const (
	streamSplit = iota + 1
	streamPairs
	streamOrder
	streamAugment
)

// Split holds the given share of the people out: the first of a seeded shuffle,
// rounded to a whole number. No person is in both sets. The sets share the crop
// cache of s. With a share of 0 nobody is held out, and held is empty; with more,
// at least two people are held out and two are left.
func (s *Set) Split(share float64, seed uint64) (train, held *Set, err error) {
	if !(share >= 0 && share < 1) {
		return nil, nil, fmt.Errorf("dataset: the share of people held out is %g; give one from 0 to below 1", share)
	}
	n := 0
	if share > 0 {
		if len(s.People) < 4 {
			return nil, nil, fmt.Errorf("dataset: %d people are too few to hold some out; give at least 4, or hold nobody out", len(s.People))
		}
		n = int(math.Round(share * float64(len(s.People))))
		n = min(max(n, 2), len(s.People)-2)
	}
	out := make([]bool, len(s.People))
	for _, p := range rand.New(rand.NewPCG(seed, streamSplit)).Perm(len(s.People))[:n] {
		out[p] = true
	}
	if train, err = s.filter(func(i int) bool { return !out[s.Images[i].Person] }); err != nil {
		return nil, nil, err
	}
	held, err = s.filter(func(i int) bool { return out[s.Images[i].Person] })
	return train, held, err
}
