package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/sphereface-go/sphereface/internal/dataset"
)

// foldMark stands in --model for the number of a fold, whose pairs that model judges.
const foldMark = "{fold}"

// foldModels are the models of a list's folds, or none without a mark in --model. They
// are opened once to see that they can judge: ten models take minutes, and the last of
// them should not be the first that is looked at.
func (o options) foldModels(folds int) ([]string, error) {
	if !strings.Contains(o.model, foldMark) {
		return nil, nil
	}
	if folds < 2 {
		return nil, fmt.Errorf("--model %s: %s has no folds: name one model, or a list with folds such as LFW's %s", o.model, o.pairs, dataset.PairsView2)
	}
	models := make([]string, folds)
	for i := range models {
		o := o
		o.model = strings.ReplaceAll(o.model, foldMark, strconv.Itoa(i+1))
		if err := o.checkFold(i + 1); err != nil {
			return nil, err
		}
		models[i] = o.model
	}
	return models, nil
}

// checkFold makes sure that the model may judge a fold of a list, counted from 1. Of View
// 2's list, one that was trained on LFW must say that it was without that fold. Of models
// that learned from other data, and of other lists, nothing is known.
func (o options) checkFold(fold int) error {
	m, err := openModel(o, true)
	if err != nil {
		return err
	}
	data := m.TrainingData()
	if err := m.Close(); err != nil {
		return err
	}
	want := dataset.View2.Title(fold)
	if filepath.Base(o.pairs) == dataset.PairsView2 && dataset.Titled(data) && !strings.HasPrefix(data, want+":") {
		return fmt.Errorf("%s: may have learned from people of fold %d, which it is to judge: its training data are %q; name a model of %q", o.model, fold, data, want)
	}
	return nil
}
