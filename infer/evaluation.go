package main

import (
	"fmt"
	"strings"

	"github.com/sphereface-go/sphereface/internal/verification"
)

// evaluation is what eval finds, and its JSON.
type evaluation struct {
	Model        string   `json:"model"`
	TrainingData string   `json:"training_data,omitempty"` // absent where models do not say, or are several
	Metric       string   `json:"metric"`
	PairsFile    string   `json:"pairs_file"`
	ImageCount   int      `json:"images"`
	Faceless     int      `json:"no_face"`                      // in which a face was looked for
	Decided      *decided `json:"at_model_threshold,omitempty"` // absent where there is none
	verification.Result
	Groups []group `json:"groups,omitempty"`
}

// decided is what the models' own thresholds, chosen on other pairs, make of these.
type decided struct {
	Threshold *float64 `json:"threshold,omitempty"` // if it is one for all pairs
	Accuracy  float64  `json:"accuracy"`
	StdErr    float64  `json:"standard_error"`
	FAR       float64  `json:"far"`
	FRR       float64  `json:"frr"`
	// Folds are those of models that judge a fold each.
	Folds []verification.Fold `json:"folds,omitempty"`
}

// evaluate runs the protocol over the scores. decides gives the threshold that decides
// a pair, if the models have any.
func (e *evaluation) evaluate(j judgement, folds int, decides func(pair int) float64) (err error) {
	if e.Result, err = verification.Evaluate(j.scores, folds); err != nil || len(j.thresholds) == 0 {
		return err
	}
	at, err := verification.EvaluateAt(j.scores, folds, j.thresholds...)
	if err != nil {
		return err
	}
	e.Decided = &decided{Accuracy: at.Accuracy, StdErr: at.StdErr}
	e.Decided.FAR, e.Decided.FRR = verification.RatesBy(j.scores, decides)
	if len(j.thresholds) == 1 {
		e.Decided.Threshold = &j.thresholds[0]
	} else {
		e.Decided.Folds = at.Folds
	}
	return nil
}

// String is the evaluation for people, a line a figure.
func (e evaluation) String() string {
	var b strings.Builder
	line := func(label, format string, args ...any) {
		fmt.Fprintf(&b, "%-20s %s\n", label, fmt.Sprintf(format, args...))
	}
	line("accuracy", "%.4f ± %.4f (mean over %d folds ± standard error)", e.Accuracy, e.StdErr, len(e.Folds))
	pooled := ""
	switch d := e.Decided; {
	case d == nil:
	case d.Threshold != nil:
		line("as the model decides", "%.4f ± %.4f (threshold %.6f: FAR %.4f, FRR %.4f)", d.Accuracy, d.StdErr, *d.Threshold, d.FAR, d.FRR)
	default:
		line("as the models decide", "%.4f ± %.4f (each fold by its own model's threshold: FAR %.4f, FRR %.4f)", d.Accuracy, d.StdErr, d.FAR, d.FRR)
		for i, f := range d.Folds {
			line(fmt.Sprintf("fold %d", i+1), "%.4f (threshold %.6f)", f.Accuracy(), f.Threshold)
		}
		pooled = fmt.Sprintf(", of %d models", len(d.Folds))
	}
	line("threshold", "%.6f (best on all %d pairs%s: FAR %.4f, FRR %.4f)", e.Threshold, e.Pairs, pooled, e.FAR, e.FRR)
	line("equal error rate", "%.4f", e.EER)
	line("area under the ROC", "%.4f", e.AUC)
	for _, p := range e.TAR {
		few := ""
		if float64(e.Different)*p.Target < 1 {
			few = fmt.Sprintf("; %d different pairs do not show a FAR of %.0e", e.Different, p.Target)
		}
		line(fmt.Sprintf("TAR at FAR %.0e", p.Target), "%.4f (threshold %.6f, FAR %.4f%s)", p.TAR, p.Threshold, p.FAR, few)
	}
	if e.TrainingData != "" {
		line("trained on", "%s", e.TrainingData)
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
