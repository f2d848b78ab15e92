package dataset

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// DrawPairs draws n pairs of the set's images in the given number of folds, half
// of each fold the same person and half different people, as LFW's authors drew
// theirs: for a pair of the same person a person is drawn and then two of that
// person's images, for another two people and then an image of each. No pair is
// drawn twice. The list is the same for the same set, numbers and seed.
//
// No person is in two folds, as in LFW's View 2, if each fold can then have at
// least half of its pairs; with fewer people they occur in several. If the people
// have too few images the list is shorter than n, with equal folds still.
func DrawPairs(s *Set, n, folds int, seed uint64) (PairList, error) {
	if folds < 1 || n < 1 || n%(2*folds) != 0 {
		return PairList{}, fmt.Errorf("dataset: %d pairs do not make %d equal folds of as many same as different pairs; give a multiple of %d", n, folds, 2*max(folds, 1))
	}
	want := n / (2 * folds)
	rng := rand.New(rand.NewPCG(seed, streamPairs))
	people := make([][]int, len(s.People))
	for i, img := range s.Images {
		people[img.Person] = append(people[img.Person], i)
	}
	drawn := make([]foldPairs, folds)
	for f, group := range dealPeople(people, folds, want, rng) {
		drawn[f] = foldPairs{drawSame(group, want, rng), drawDifferent(group, want, rng)}
	}
	size := smallest(drawn)
	if 2*size < want {
		shared := shareOut(foldPairs{drawSame(people, folds*want, rng), drawDifferent(people, folds*want, rng)}, folds)
		if smallest(shared) > size {
			drawn, size = shared, smallest(shared)
		}
	}
	if size == 0 {
		return PairList{}, fmt.Errorf("dataset: %d people with %d images are too few for %d folds of pairs; hold more people out (--data.holdout), ask for fewer folds (--validation.folds), or add images", len(people), len(s.Images), folds)
	}
	list := PairList{Folds: folds}
	for f, d := range drawn {
		for k, pairs := range [2][][2]int{d.same[:size], d.different[:size]} {
			start := len(list.Pairs)
			for _, p := range pairs {
				list.Pairs = append(list.Pairs, Pair{A: s.Ref(p[0]), B: s.Ref(p[1]), Same: k == 0, Fold: f})
			}
			slices.SortFunc(list.Pairs[start:], func(a, b Pair) int { return cmp.Or(a.A.compare(b.A), a.B.compare(b.B)) })
		}
	}
	return list, nil
}

func (r Ref) compare(other Ref) int {
	return cmp.Or(strings.Compare(r.Name, other.Name), r.Number-other.Number)
}

// foldPairs are pairs of images, the lower index first.
type foldPairs struct{ same, different [][2]int }

func smallest(folds []foldPairs) int {
	n := len(folds[0].same)
	for _, f := range folds {
		n = min(n, len(f.same), len(f.different))
	}
	return n
}

func shareOut(all foldPairs, folds int) []foldPairs {
	same, different := len(all.same)/folds, len(all.different)/folds
	out := make([]foldPairs, folds)
	for f := range out {
		out[f] = foldPairs{all.same[f*same:][:same], all.different[f*different:][:different]}
	}
	return out
}

// dealPeople divides the people, each a list of images, into folds that can have
// about equally many pairs of the same person: those with the most images first,
// each to the fold that has the fewest so far.
func dealPeople(people [][]int, folds, want int, rng *rand.Rand) [][][]int {
	order := rng.Perm(len(people))
	slices.SortStableFunc(order, func(a, b int) int { return len(people[b]) - len(people[a]) })
	groups := make([][][]int, folds)
	pairs := make([]int, folds)
	for _, p := range order {
		best := 0
		for f := range groups {
			if cmp.Or(pairs[f]-pairs[best], len(groups[f])-len(groups[best])) < 0 {
				best = f
			}
		}
		groups[best] = append(groups[best], people[p])
		k := len(people[p])
		pairs[best] += min(k*(k-1)/2, want) // a fold needs no more of one person
	}
	return groups
}

func drawSame(people [][]int, want int, rng *rand.Rand) [][2]int {
	var pool [][]int
	for _, images := range people {
		if len(images) >= 2 {
			pool = append(pool, images)
		}
	}
	left := make([][][2]int, len(pool)) // of each person, nil before the first
	var drawn [][2]int
	for len(drawn) < want && len(pool) > 0 {
		i := rng.IntN(len(pool))
		if left[i] == nil {
			left[i] = pairsOf(pool[i], want, rng)
		}
		last := len(left[i]) - 1
		drawn = append(drawn, left[i][last])
		left[i] = left[i][:last]
		if last == 0 {
			pool, left = slices.Delete(pool, i, i+1), slices.Delete(left, i, i+1)
		}
	}
	return drawn
}

// pairsOf draws pairs of a person's images, in any order: as many as are wanted, or all.
func pairsOf(images []int, want int, rng *rand.Rand) [][2]int {
	n := len(images)
	if n*(n-1)/2 > max(mostListed, 4*want) {
		return somePairsOf(images, want, rng)
	}
	var all [][2]int
	for b, image := range images {
		for _, other := range images[:b] {
			all = append(all, [2]int{other, image})
		}
	}
	rng.Shuffle(len(all), func(a, b int) { all[a], all[b] = all[b], all[a] })
	return slices.Clone(all[max(0, len(all)-want):])
}

// mostListed is how many pairs of a person are listed before some are drawn: those of
// 724 images. LFW has up to 530 of a person.
const mostListed = 1 << 18

// somePairsOf draws so few pairs of so many that nearly every one is new.
func somePairsOf(images []int, want int, rng *rand.Rand) [][2]int {
	seen := make(map[[2]int]bool, want)
	var drawn [][2]int
	for len(drawn) < want {
		a, b := rng.IntN(len(images)), rng.IntN(len(images))
		pair := [2]int{images[min(a, b)], images[max(a, b)]}
		if a != b && !seen[pair] {
			seen[pair] = true
			drawn = append(drawn, pair)
		}
	}
	return drawn
}

func drawDifferent(people [][]int, want int, rng *rand.Rand) [][2]int {
	possible, before := 0, 0
	for _, images := range people {
		possible += before * len(images)
		before += len(images)
	}
	var drawn [][2]int
	if possible <= 8*want { // few enough to list them all
		for b, images := range people {
			for _, others := range people[:b] {
				for _, image := range images {
					for _, other := range others {
						drawn = append(drawn, [2]int{min(image, other), max(image, other)})
					}
				}
			}
		}
		rng.Shuffle(len(drawn), func(a, b int) { drawn[a], drawn[b] = drawn[b], drawn[a] })
		return drawn[:min(want, len(drawn))]
	}
	seen := make(map[[2]int]bool, want)
	for len(drawn) < want {
		a, b := rng.IntN(len(people)), rng.IntN(len(people))
		if a == b {
			continue
		}
		image, other := people[a][rng.IntN(len(people[a]))], people[b][rng.IntN(len(people[b]))]
		pair := [2]int{min(image, other), max(image, other)}
		if !seen[pair] {
			seen[pair] = true
			drawn = append(drawn, pair)
		}
	}
	return drawn
}
