package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/report"
	"github.com/sphereface-go/sphereface/internal/verification"
)

func evalCommand() command {
	return command{
		name: "eval", arguments: "--images DIR --pairs FILE", summary: "how well does the model do on a pair list?",
		details: `Judges all pairs of a list in the format of LFW's pairs.txt, by LFW's protocol:
each fold is judged with the threshold that is best on the other folds, and the
accuracy is the mean over the folds ± its standard error. Prints also the best
threshold on all pairs, the equal error rate, the area under the ROC curve, and
the true-accept rates at false-accept rates of 1e-2 and 1e-3, and if the model has a
threshold, how right it is with that one. Image n of a person is
DIR/NAME/NAME_%04d.EXT, or else the n-th image in the folder NAME. With --attributes it
prints the rates of false rejects and accepts within groups of people, by the model's
threshold or else the best.

LFW's View 2 wants ten models, each trained on the people of nine folds: with {fold} in
--model, such as runs/fold-{fold}/model.onnx, the similarities of fold 1's pairs are
those of runs/fold-1/model.onnx, and so on, and "as the models decide" is by these
models' own thresholds. A model that says that it was trained on people of its fold is
refused.

Of several faces in a photo it takes the most prominent, as in training. A photo in
which no face is found is cut by the fixed frame, since a list has to be judged as
a whole; how many there were is printed.`,
		flags: func(f *flags) {
			f.addEval()
			f.addModel()
			f.addJSON()
			f.addNoDetect()
			f.addTimeout()
			f.addRuntime()
			f.addMetadata()
		},
		reads: true,
		run:   eval,
	}
}

func eval(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	if o.images == "" || o.pairs == "" || len(o.arguments) > 0 {
		return errors.New("eval takes --images DIR and --pairs FILE and no arguments; see infer eval --help")
	}
	pairs, err := readPairs(o.images, o.pairs)
	if err != nil {
		return err
	}
	// What can be known before the images are computed is told before.
	mistakes, roc := outFile{"--mistakes", o.mistakes, []string{".png"}}, outFile{"--roc", o.roc, []string{".png", ".csv"}}
	if err := apart(mistakes, roc); err != nil {
		return err
	}
	for _, f := range []outFile{mistakes, roc} {
		if f.path == "" {
			continue
		}
		if err := f.check(append(pairs.paths, o.pairs, o.attributes, o.model)...); err != nil {
			return err
		}
	}
	var attributes *grouping
	if o.attributes != "" {
		if attributes, err = readGrouping(o.attributes); err != nil {
			return err
		}
		pairs.warnUnknown(stderr, o, attributes)
	}
	models, err := o.foldModels(pairs.list.Folds)
	if err != nil {
		return err
	}
	if err := verification.CheckFolds(pairs.unjudged(), o.folds); err != nil {
		return fmt.Errorf("%s: %w", o.pairs, err)
	}
	j, err := pairs.judge(ctx, o, models, stderr)
	if err != nil {
		return err
	}
	e := evaluation{Model: j.model, TrainingData: j.data, Metric: onnx.Metric, PairsFile: o.pairs, ImageCount: len(pairs.paths), Faceless: j.faceless}
	decides := j.decides(pairs.list, &e.Threshold)
	if err := e.evaluate(j, o.folds, decides); err != nil {
		return fmt.Errorf("%s: %w", o.pairs, err)
	}
	if attributes != nil {
		e.Groups = pairs.groups(attributes, j.scores, decides)
	}
	// The figures come first: a plot that fails does not take them away.
	if err := printResult(stdout, o.json, e, e.String()); err != nil {
		return err
	}
	if o.mistakes != "" {
		if err := pairs.writeMistakes(ctx, o, j, decides); err != nil {
			return err
		}
	}
	switch {
	case o.roc == "":
		return nil
	case roc.ending() == ".csv":
		return report.WriteROC(o.roc, e.ROC)
	}
	return report.PlotROC(o.roc, rocScales[o.rocScale], report.Curve{Name: filepath.Base(j.model), Result: e.Result})
}

// rocScales are the values of --roc-scale.
var rocScales = map[string]report.Scale{"linear": report.Linear, "log": report.Log}
