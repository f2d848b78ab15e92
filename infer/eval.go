package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/sphereface-go/sphereface"
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
is DIR/NAME/NAME_%04d.EXT, or else the n-th image in the folder NAME.

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
	// What can be known before the images are computed is told before.
	if err := verification.CheckFolds(pairs.scores(nil), o.folds); err != nil {
		return fmt.Errorf("%s: %w", o.pairs, err)
	}
	if o.roc != "" {
		if err := checkPicture("--roc", o.roc, pairs.paths...); err != nil {
			return err
		}
	}
	m, err := openModel(o, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	var poor poorFaces
	features, faceless, err := m.all(ctx, pairs.paths, &poor, stderr)
	if err != nil {
		return err
	}
	poor.warn(stderr)
	result, err := verification.Evaluate(pairs.scores(features), o.folds)
	if err != nil {
		return fmt.Errorf("%s: %w", o.pairs, err)
	}
	e := evaluation{Model: m.path, Metric: onnx.Metric, PairsFile: o.pairs, ImageCount: len(pairs.paths), Faceless: faceless, Result: result}
	// The figures come first: a plot that fails does not take them away.
	if err := printResult(stdout, o.json, e, e.String()); err != nil || o.roc == "" {
		return err
	}
	return report.PlotROC(o.roc, rocScales[o.rocScale], report.Curve{Name: filepath.Base(m.path), Result: result})
}

// rocScales are the values of --roc-scale.
var rocScales = map[string]report.Scale{"linear": report.Linear, "log": report.Log}

// all computes the feature of every file and shows how far it is. In some no face is
// found: they are faceless.
func (m *model) all(ctx context.Context, paths []string, poor *poorFaces, stderr io.Writer) (features [][]float32, faceless int, err error) {
	how := m.alignment
	if how == sphereface.AlignDetect {
		how = sphereface.AlignDetectOrFixed
	}
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
	if e.Faceless > 0 {
		line("no face found", "in %d of %d images: cut by the fixed frame", e.Faceless, e.ImageCount)
	}
	return b.String()
}
