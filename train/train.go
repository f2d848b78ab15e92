package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/onnxgo"
	"github.com/sphereface-go/sphereface/internal/trainer"
)

// train starts a run or goes on with one.
func train(ctx context.Context, o options, stdout, stderr io.Writer) error {
	s, err := open(ctx, o, stderr)
	if err != nil {
		return err
	}
	defer s.close()
	if s.trainer.Done() {
		fmt.Fprintf(stdout, "%s has done all its %d epochs; --train.epochs makes it go on to more\n", s.run.Dir, s.config.Train.Epochs)
		return nil
	}
	table, err := trainer.OpenTable(s.trainer, s.run)
	if err != nil {
		return err
	}
	defer table.Close()

	progress := trainer.AttachProgress(s.trainer, stderr)
	defer progress.Close()
	if s.held.Set != nil {
		features, err := trainer.NewFeatures(s.trainer.Network(), s.trainer.Weights(), s.config.Threads)
		if err != nil {
			return err
		}
		defer features.Close()
		trainer.AttachValidation(s.trainer, features, s.held, s.config.Validation.Every, progress.Validating)
		trainer.AttachSummary(s.trainer, progress)
	}
	trainer.AttachCurves(s.trainer, s.run, table)
	trainer.AttachCheckpoints(s.trainer, s.run, s.config.Checkpoint)

	s.describe(stderr)
	err = s.trainer.Run(ctx)
	progress.Close()
	return s.conclude(err, stdout)
}

// conclude says what came out and what to do next.
func (s *session) conclude(err error, stdout io.Writer) error {
	dir := s.run.Dir
	var notFinite *trainer.NotFiniteError
	switch {
	case errors.Is(err, trainer.ErrStopped):
		return fmt.Errorf("%w; everything is saved. Go on with: train --resume %s", err, dir)
	case errors.As(err, &notFinite):
		return fmt.Errorf("%w; the last good state is kept: train --resume %s --solver.rate %.3g", err, dir, s.config.Solver.Rate/4)
	case err != nil:
		return fmt.Errorf("%w. Once that is put right, go on with: train --resume %s", err, dir)
	}
	if v := s.trainer.Checkpoint().Validation; v != nil {
		fmt.Fprintf(stdout, "validation accuracy %.1f%% ± %.1f%% on %d pairs of held-out people, threshold %.3f\n",
			100*v.Accuracy, 100*v.StdErr, v.Pairs, v.Threshold)
	}
	fmt.Fprintf(stdout, "done: %s, curves %s and %s. Next: export %s\n", s.run.Last(), s.run.AccuracyPlot(), s.run.LossPlot(), dir)
	return nil
}

// open prepares a session: everything that can be wrong with the settings, the
// data and the checkpoint is found before anything is written.
func open(ctx context.Context, o options, stderr io.Writer) (*session, error) {
	if o.resume != "" {
		return openResumed(ctx, o, stderr)
	}
	c, err := config.Load(o.config, o.settings)
	if err != nil {
		return nil, err
	}
	if !o.overwrite {
		if err := checkpoint.Vacant(c.Run); err != nil {
			return nil, err
		}
	}
	s, err := newSession(ctx, c, stderr)
	if err != nil {
		return nil, err
	}
	if o.init != "" {
		if err := s.initialize(o.init); err != nil {
			s.close()
			return nil, err
		}
	}
	if s.run, err = checkpoint.Create(c.Run, c.Marshal(), o.overwrite); err == nil {
		err = s.writeHeld(ctx)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func openResumed(ctx context.Context, o options, stderr io.Writer) (*session, error) {
	run := checkpoint.Run{Dir: o.resume}
	path, err := checkpoint.Find(run.Dir)
	if err != nil {
		return nil, err
	}
	if path != run.Last() {
		return nil, fmt.Errorf("--resume takes a run directory, %s is a file", o.resume)
	}
	saved, err := os.ReadFile(run.Config())
	if err != nil {
		return nil, fmt.Errorf("--resume %s: the run's config is missing: %w", o.resume, err)
	}
	c, err := config.Resume(run.Config(), saved, o.settings)
	if err != nil {
		return nil, err
	}
	c.Run = run.Dir
	state, err := checkpoint.Load(path)
	if err != nil {
		return nil, err
	}
	s, err := newSession(ctx, c, stderr)
	if err != nil {
		return nil, err
	}
	s.run = run
	if err = s.trainer.Restore(state); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	} else if err = run.Open(c.Marshal()); err == nil {
		err = s.writeHeld(ctx)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// initialize starts with the weights of an exported file.
func (s *session) initialize(path string) error {
	model, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("--init: %w", err)
	}
	weights, _, err := onnxgo.ReadWeights(model)
	if err != nil {
		return fmt.Errorf("--init %s: %w", path, err)
	}
	if err := s.trainer.SetWeights(weights); err != nil {
		return fmt.Errorf("--init %s: %w", path, err)
	}
	return nil
}
