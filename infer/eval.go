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
the true-accept rates at false-accept rates of 1e-2 and 1e-3. Image n of a person
is DIR/NAME/NAME_%04d.EXT, or else the n-th image in the folder NAME.`,
		flags: func(f *flags) {
			f.addEval()
			f.addModel()
			f.addJSON()
			f.addRuntime()
			f.addMetadata()
		},
		run: eval,
	}
}

// evaluation is what eval finds, and its JSON.
type evaluation struct {
	Model      string `json:"model"`
	Metric     string `json:"metric"`
	PairsFile  string `json:"pairs_file"`
	ImageCount int    `json:"images"`
	verification.Result
}

func eval(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	if o.images == "" || o.pairs == "" || len(o.arguments) > 0 {
		return errors.New("eval takes --images DIR and --pairs FILE and no arguments; see infer eval --help")
	}
	pairs, err := readPairs(o.images, o.pairs)
	if err != nil {
		return err
	}
	m, err := openModel(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	scores, err := m.scores(ctx, pairs, o.workers(), stderr)
	if err != nil {
		return err
	}
	result, err := verification.Evaluate(scores, o.folds)
	if err != nil {
		return fmt.Errorf("%s: %w", o.pairs, err)
	}
	if o.roc != "" {
		curve := report.Curve{Name: filepath.Base(m.path), Result: result}
		if err := report.PlotROC(o.roc, report.Linear, curve); err != nil {
			return err
		}
	}
	e := evaluation{Model: m.path, Metric: onnx.Metric, PairsFile: o.pairs, ImageCount: len(pairs.paths), Result: result}
	return printResult(stdout, o.json, e, e.String())
}

// scores computes every image once and compares the pairs.
func (m *model) scores(ctx context.Context, pairs *pairSet, workers int, stderr io.Writer) ([]verification.Score, error) {
	progress := report.NewProgress(stderr, report.ProgressOptions{Title: "embed", Unit: "images", Total: len(pairs.paths)})
	defer progress.Finish()
	features := make([][]float32, 0, len(pairs.paths))
	err := m.each(ctx, pairs.paths, workers, func(_ photo, feature []float32) error {
		features = append(features, feature)
		progress.Add(1)
		return nil
	})
	if err != nil {
		return nil, err
	}
	scores := make([]verification.Score, len(pairs.list.Pairs))
	for i, p := range pairs.list.Pairs {
		scores[i] = verification.Score{
			Similarity: verification.Cosine(features[pairs.a[i]], features[pairs.b[i]]),
			Same:       p.Same,
			Fold:       p.Fold,
		}
	}
	return scores, nil
}

// String is the evaluation for people, a line a figure.
func (e evaluation) String() string {
	var b strings.Builder
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "%-20s %s\n", label, fmt.Sprintf(format, args...))
	}
	line("accuracy", "%.4f ± %.4f (mean over %d folds ± standard error)", e.Accuracy, e.StdErr, len(e.Folds))
	line("threshold", "%.6f (best on all %d pairs: FAR %.4f, FRR %.4f)", e.Threshold, e.Pairs, e.FAR, e.FRR)
	line("equal error rate", "%.4f", e.EER)
	line("area under the ROC", "%.4f", e.AUC)
	for _, p := range e.TAR {
		line(fmt.Sprintf("TAR at FAR %.0e", p.Target), "%.4f (threshold %.6f, FAR %.4f)", p.TAR, p.Threshold, p.FAR)
	}
	line("pairs", "%d of the same person, %d of different people, %d images", e.Same, e.Different, e.ImageCount)
	return b.String()
}
