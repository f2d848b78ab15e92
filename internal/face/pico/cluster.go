package pico

import (
	"cmp"
	"slices"
)

// clusterOverlap is the part of their union that two windows of a face share.
const clusterOverlap = 0.2

// Cluster joins windows of the same face: those that share enough with a window,
// the surest first. A cluster is the mean of its windows, weighted by their scores,
// and its score their sum; clusters come with the surest first.
func Cluster(windows []Window) []Window {
	surest := func(a, b Window) int { return cmp.Compare(b.Score, a.Score) }
	left := slices.Clone(windows)
	slices.SortStableFunc(left, surest)
	var clusters []Window
	for len(left) > 0 {
		first := left[0]
		var sum Window
		rest := left[:0]
		for _, w := range left {
			if w != first && first.overlap(w) <= clusterOverlap {
				rest = append(rest, w)
				continue
			}
			sum.Row += float64(w.Row * w.Score)
			sum.Col += float64(w.Col * w.Score)
			sum.Size += float64(w.Size * w.Score)
			sum.Score += w.Score
		}
		left = rest
		clusters = append(clusters, Window{sum.Row / sum.Score, sum.Col / sum.Score, sum.Size / sum.Score, sum.Score})
	}
	slices.SortStableFunc(clusters, surest)
	return clusters
}

// overlap is the intersection of two windows over their union.
func (w Window) overlap(v Window) float64 {
	side := func(a, as, b, bs float64) float64 {
		return max(0, min(a+as/2, b+bs/2)-max(a-as/2, b-bs/2))
	}
	both := float64(side(w.Row, w.Size, v.Row, v.Size) * side(w.Col, w.Size, v.Col, v.Size))
	return both / (float64(w.Size*w.Size) + float64(v.Size*v.Size) - both)
}
