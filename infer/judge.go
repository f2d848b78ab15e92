package main

import (
	"context"
	"errors"
	"io"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/report"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// judgement is what one or more models make of a pair list.
type judgement struct {
	model  string                 // its file, or with a mark, their files
	data   string                 // that the model learned from, if it says so and is alone
	how    []sphereface.Alignment // of each pair's photos
	scores []verification.Score
	// thresholds are the models' own: one for each fold, or one for all, or none.
	thresholds []float64
	faceless   int // photos in which a face was looked for and none found
}

// decides gives the threshold that decides a pair of the list: the models' own, or
// without them the one that is best on all pairs, once that is known.
func (j judgement) decides(list dataset.PairList, best *float64) func(pair int) float64 {
	return func(pair int) float64 {
		switch len(j.thresholds) {
		case 0:
			return *best
		case 1:
			return j.thresholds[0]
		}
		return j.thresholds[list.Pairs[pair].Fold]
	}
}

// judge computes the similarity of every pair: by one model, or each fold by one of the
// given models. These must have thresholds: chosen on other people, they are what the
// folds are judged by.
func (p *pairSet) judge(ctx context.Context, o options, folds []string, stderr io.Writer) (judgement, error) {
	j := judgement{scores: p.unjudged(), how: make([]sphereface.Alignment, len(p.list.Pairs))}
	var poor poorFaces
	if len(folds) == 0 {
		all := make([]int, len(p.list.Pairs))
		for i := range all {
			all[i] = i
		}
		if err := p.judgePart(ctx, o, false, all, &j, &poor, stderr); err != nil {
			return judgement{}, err
		}
		poor.warn(stderr)
		return j, nil
	}
	for fold, model := range folds {
		o := o
		o.model = model
		var part []int
		for i, pair := range p.list.Pairs {
			if pair.Fold == fold {
				part = append(part, i)
			}
		}
		if err := p.judgePart(ctx, o, true, part, &j, &poor, stderr); err != nil {
			return judgement{}, err
		}
	}
	j.model, j.data = o.model, ""
	poor.warn(stderr)
	return j, nil
}

// judgePart adds to a judgement what a model says of some of the pairs.
func (p *pairSet) judgePart(ctx context.Context, o options, decide bool, part []int, j *judgement, poor *poorFaces, stderr io.Writer) (err error) {
	m, err := openModel(o, decide)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	m.warnUnasked(stderr)
	at := map[int]int{} // a path's feature
	var paths []string
	for _, i := range part {
		for _, image := range []int{p.a[i], p.b[i]} {
			if _, ok := at[image]; !ok {
				at[image] = len(paths)
				paths = append(paths, p.paths[image])
			}
		}
	}
	features, faceless, err := m.all(ctx, paths, poor, stderr)
	if err != nil {
		return err
	}
	for _, i := range part {
		j.how[i] = m.evalAlignment()
		j.scores[i].Similarity = verification.Cosine(features[at[p.a[i]]], features[at[p.b[i]]])
	}
	j.faceless += faceless
	j.model, j.data = m.path, m.TrainingData()
	if threshold, ok := m.Threshold(); ok {
		j.thresholds = append(j.thresholds, threshold)
	}
	return nil
}

// evalAlignment is how every photo of a list gives a crop.
func (m *model) evalAlignment() sphereface.Alignment {
	if m.alignment == sphereface.AlignDetect {
		return sphereface.AlignDetectOrFixed
	}
	return m.alignment
}

// all computes the feature of every file and shows how far it is. In some no face is
// found: they are faceless.
func (m *model) all(ctx context.Context, paths []string, poor *poorFaces, stderr io.Writer) (features [][]float32, faceless int, err error) {
	how := m.evalAlignment()
	progress := report.NewProgress(stderr, report.ProgressOptions{Title: "embed", Unit: "images", Total: len(paths)})
	defer progress.Finish()
	features = make([][]float32, 0, len(paths))
	for e, err := range m.EmbedFiles(ctx, paths, how) {
		if err != nil {
			return nil, 0, err
		}
		if how == sphereface.AlignDetectOrFixed && e.Alignment == sphereface.AlignFixed {
			faceless++
		}
		poor.see(e.Photo)
		features = append(features, e.Embedding)
		progress.Add(1)
	}
	return features, faceless, nil
}
