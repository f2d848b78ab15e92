package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"

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
	result, err := trainer.Judge(ctx, features, list, o.folds, func(r dataset.Ref) (face.Crop, error) {
		file, err := lookup.Path(r)
		if err != nil {
			return face.Crop{}, err
		}
		return face.Alignment(c.Data.Align).ReadCrop(file)
	}, done)
	if progress != nil {
		progress.Finish()
	}
	if err != nil {
		return err
	}
	return printResult(stdout, result, path, o)
}

func printResult(w io.Writer, r verification.Result, path string, o evalOptions) error {
	if o.json {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(struct {
			Checkpoint string `json:"checkpoint"`
			Pairs      string `json:"pair_list"`
			verification.Result
		}{path, o.pairs, r})
	}
	fmt.Fprintf(w, "accuracy   %.2f%% ± %.2f%% (%d pairs, %d folds)\n", 100*r.Accuracy, 100*r.StdErr, r.Pairs, len(r.Folds))
	fmt.Fprintf(w, "threshold  %.4f (FAR %.2f%%, FRR %.2f%%)\n", r.Threshold, 100*r.FAR, 100*r.FRR)
	fmt.Fprintf(w, "EER        %.2f%%\n", 100*r.EER)
	fmt.Fprintf(w, "AUC        %.4f\n", r.AUC)
	for _, p := range r.TAR {
		fmt.Fprintf(w, "TAR        %.2f%% at FAR %g (threshold %.4f)\n", 100*p.TAR, p.Target, p.Threshold)
	}
	return nil
}
