package main

import (
	"fmt"
	"strings"

	"github.com/sphereface-go/sphereface/internal/verification"
)

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
	Groups []group `json:"groups,omitempty"`
}

// decided is what the model's own threshold makes of the pairs.
type decided struct {
	Threshold float64 `json:"threshold"`
	Accuracy  float64 `json:"accuracy"`
	StdErr    float64 `json:"standard_error"`
	FAR       float64 `json:"far"`
	FRR       float64 `json:"frr"`
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
	if e.Groups != nil {
		b.WriteString(groupTable(e.Groups))
	}
	return b.String()
}
