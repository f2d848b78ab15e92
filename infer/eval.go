package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

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
DIR/NAME/NAME_%04d.EXT, or else the n-th image in the folder NAME.

LFW's View 2 wants ten models, each trained on the people of nine folds: with {fold} in
--model, such as runs/fold-{fold}/model.onnx, the pairs of fold 1 are judged by
runs/fold-1/model.onnx and its threshold, and so on.

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

// evaluation is what eval finds, and its JSON.
type evaluation struct {
	Model      string `json:"model"`
	Metric     string `json:"metric"`
	PairsFile  string `json:"pairs_file"`
	ImageCount int    `json:"images"`
	Faceless   int    `json:"no_face"` // in which a face was looked for
	// OwnThresholds says that each fold was judged by a model of its own, with that
	// model's threshold.
	OwnThresholds bool     `json:"own_thresholds,omitempty"`
	Decided       *decided `json:"at_model_threshold,omitempty"` // absent where there is none
	verification.Result
}

// decided is what the model's own threshold makes of the pairs.
type decided struct {
	Threshold float64 `json:"threshold"`
	Accuracy  float64 `json:"accuracy"`
	StdErr    float64 `json:"standard_error"`
	FAR       float64 `json:"far"`
	FRR       float64 `json:"frr"`
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
	if o.mistakes != "" {
		if err := checkPicture("--mistakes", o.mistakes, pairs.paths...); err != nil {
			return err
		}
	}
	models, err := o.foldModels(pairs.list.Folds)
	if err != nil {
		return err
	}
	if err := verification.CheckFolds(pairs.scores(nil), o.folds); err != nil {
		return fmt.Errorf("%s: %w", o.pairs, err)
	}
	if o.roc != "" {
		if err := checkPicture("--roc", o.roc, pairs.paths...); err != nil {
			return err
		}
	}
	j, err := pairs.judge(ctx, o, models, stderr)
	if err != nil {
		return err
	}
	e := evaluation{Model: j.model, Metric: onnx.Metric, PairsFile: o.pairs, ImageCount: len(pairs.paths), Faceless: j.faceless}
	if err := e.evaluate(j, o.folds); err != nil {
		return fmt.Errorf("%s: %w", o.pairs, err)
	}
	// The figures come first: a plot that fails does not take them away.
	if err := printResult(stdout, o.json, e, e.String()); err != nil {
		return err
	}
	if o.mistakes != "" {
		if err := pairs.writeMistakes(ctx, o, j, e); err != nil {
			return err
		}
	}
	if o.roc == "" {
		return nil
	}
	return report.PlotROC(o.roc, rocScales[o.rocScale], report.Curve{Name: filepath.Base(j.model), Result: e.Result})
}

// evaluate runs the protocol over the scores.
func (e *evaluation) evaluate(j judgement, folds int) (err error) {
	e.OwnThresholds = len(j.thresholds) > 1
	if e.OwnThresholds {
		e.Result, err = verification.EvaluateAt(j.scores, folds, j.thresholds...)
		return err
	}
	if e.Result, err = verification.Evaluate(j.scores, folds); err != nil || len(j.thresholds) == 0 {
		return err
	}
	at, err := verification.EvaluateAt(j.scores, folds, j.thresholds...)
	if err != nil {
		return err
	}
	far, frr := verification.Rates(j.scores, j.thresholds[0])
	e.Decided = &decided{Threshold: j.thresholds[0], Accuracy: at.Accuracy, StdErr: at.StdErr, FAR: far, FRR: frr}
	return nil
}

// rocScales are the values of --roc-scale.
var rocScales = map[string]report.Scale{"linear": report.Linear, "log": report.Log}

// String is the evaluation for people, a line a figure.
func (e evaluation) String() string {
	var b strings.Builder
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "%-20s %s\n", label, fmt.Sprintf(format, args...))
	}
	if e.OwnThresholds {
		line("accuracy", "%.4f ± %.4f (mean over %d folds ± standard error; each judged by its own model and that model's threshold)", e.Accuracy, e.StdErr, len(e.Folds))
		for i, f := range e.Folds {
			line(fmt.Sprintf("fold %d", i+1), "%.4f (threshold %.6f)", f.Accuracy(), f.Threshold)
		}
	} else {
		line("accuracy", "%.4f ± %.4f (mean over %d folds ± standard error)", e.Accuracy, e.StdErr, len(e.Folds))
	}
	if d := e.Decided; d != nil {
		line("as the model decides", "%.4f ± %.4f (threshold %.6f: FAR %.4f, FRR %.4f)", d.Accuracy, d.StdErr, d.Threshold, d.FAR, d.FRR)
	}
	line("threshold", "%.6f (best on all %d pairs: FAR %.4f, FRR %.4f)", e.Threshold, e.Pairs, e.FAR, e.FRR)
	line("equal error rate", "%.4f", e.EER)
	line("area under the ROC", "%.4f", e.AUC)
	for _, p := range e.TAR {
		line(fmt.Sprintf("TAR at FAR %.0e", p.Target), "%.4f (threshold %.6f, FAR %.4f)", p.TAR, p.Threshold, p.FAR)
	}
	line("pairs", "%d of the same person, %d of different people, %d images", e.Same, e.Different, e.ImageCount)
	if e.Faceless > 0 {
		line("no face found", "in %d of %d images: cut by the fixed frame", e.Faceless, e.ImageCount)
	}
	return b.String()
}
