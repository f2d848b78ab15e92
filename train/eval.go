package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/report"
	"github.com/sphereface-go/sphereface/internal/trainer"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// eval measures a checkpoint on a list of pairs through the training graph.
func eval(ctx context.Context, o evalOptions, stdout, stderr io.Writer) error {
	path, err := checkpoint.Find(o.run)
	if err != nil {
		return err
	}
	state, err := checkpoint.Load(path)
	if err != nil {
		return err
	}
	c, err := config.Parse(path+" (config)", state.Config, nil)
	if err != nil {
		return err
	}
	net, err := c.Network.Build()
	if err != nil {
		return err
	}
	list, err := dataset.ReadPairs(o.pairs)
	if err != nil {
		return err
	}
	lookup, err := dataset.NewLookup(o.images)
	if err != nil {
		return err
	}
	if o.threads == 0 {
		o.threads = runtime.GOMAXPROCS(0)
	}
	features, err := trainer.NewFeatures(net, state.Weights(), o.threads)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	defer features.Close()

	var progress *report.Progress
	seen := 0
	done := func(images, of int) {
		if progress == nil {
			progress = report.NewProgress(stderr, report.ProgressOptions{Title: "embedding", Unit: "images", Total: of})
		}
		progress.Add(images - seen)
		seen = images
	}
	// Every pair of a list is judged, whatever the config says of photos without a
	// face.
	var noFace atomic.Int64
	result, err := trainer.Judge(ctx, features, list, o.folds, func(r dataset.Ref) (face.Crop, error) {
		file, err := lookup.Path(r)
		if err != nil {
			return face.Crop{}, err
		}
		crop, framing, err := face.Alignment(c.Data.Align).ReadCropOrFixed(ctx, file)
		if framing.NoFace {
			noFace.Add(1)
		}
		return crop, err
	}, done)
	if progress != nil {
		progress.Finish()
	}
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return fmt.Errorf("%w before there was a result", trainer.ErrStopped)
	}
	if err != nil {
		return err
	}
	return printResult(stdout, evaluation{path, o.pairs, seen, int(noFace.Load()), result}, o.json)
}

// evaluation is what eval finds, and its JSON.
type evaluation struct {
	Checkpoint string `json:"checkpoint"`
	PairsFile  string `json:"pairs_file"`
	Images     int    `json:"images"`
	NoFace     int    `json:"no_face"` // images in which no face was found: the fixed frame cut them
	verification.Result
}

func printResult(w io.Writer, r evaluation, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	line := func(label, format string, args ...any) {
		fmt.Fprintf(w, "%-20s %s\n", label, fmt.Sprintf(format, args...))
	}
	line("accuracy", "%.4f ± %.4f (mean over %d folds ± standard error)", r.Accuracy, r.StdErr, len(r.Folds))
	line("threshold", "%.6f (best on all %d pairs: FAR %.4f, FRR %.4f)", r.Threshold, r.Pairs, r.FAR, r.FRR)
	line("equal error rate", "%.4f", r.EER)
	line("area under the ROC", "%.4f", r.AUC)
	for _, p := range r.TAR {
		line(fmt.Sprintf("TAR at FAR %.0e", p.Target), "%.4f (threshold %.6f, FAR %.4f)", p.TAR, p.Threshold, p.FAR)
	}
	if r.NoFace > 0 {
		line("no face found", "in %d of %d images: cut by the fixed frame", r.NoFace, r.Images)
	}
	return nil
}
