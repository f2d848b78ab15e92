package main

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/explain"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// mostMistakes is how many pairs of either kind the sheet shows: those furthest on the
// wrong side of their threshold.
const mostMistakes = 50

// writeMistakes draws the pairs that are judged wrong by the threshold that decides.
func (p *pairSet) writeMistakes(ctx context.Context, o options, j judgement, threshold func(pair int) float64) error {
	wrong := verification.Wrong(j.scores, threshold)
	off := func(w verification.Mistake) float64 { return math.Abs(j.scores[w.Pair].Similarity - w.Threshold) }
	slices.SortStableFunc(wrong, func(a, b verification.Mistake) int { return cmp.Compare(off(b), off(a)) })
	var shown []explain.Mistake
	var total [2]int // accepted, rejected
	for _, w := range wrong {
		kind := 0
		if j.scores[w.Pair].Same {
			kind = 1
		}
		if total[kind]++; total[kind] > mostMistakes {
			continue
		}
		m, err := p.mistake(ctx, o, j, w)
		if err != nil {
			return err
		}
		shown = append(shown, m)
	}
	return explain.WriteMistakes(o.mistakes, shown, total[1], total[0])
}

// mistake reads the photos of a pair once more, for their crops.
func (p *pairSet) mistake(ctx context.Context, o options, j judgement, w verification.Mistake) (explain.Mistake, error) {
	pair := p.list.Pairs[w.Pair]
	m := explain.Mistake{
		NameA: pair.A.String(), NameB: pair.B.String(), Same: pair.Same,
		Similarity: j.scores[w.Pair].Similarity, Threshold: w.Threshold,
	}
	for i, to := range []*face.Crop{&m.A, &m.B} {
		path := p.paths[[]int{p.a[w.Pair], p.b[w.Pair]}[i]]
		photo, err := sphereface.ReadPhoto(ctx, path, j.how[w.Pair], o.limits)
		if err != nil {
			return m, err
		}
		to.Pix = photo.Crops[0].Pix
	}
	return m, nil
}
