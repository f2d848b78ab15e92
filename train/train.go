package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"unicode/utf8"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/readfile"
	"github.com/sphereface-go/sphereface/internal/trainer"
)

// train starts a run or goes on with one.
func train(ctx context.Context, o options, stdout, stderr io.Writer) error {
	// Training goes on when nobody reads its progress any more: by default the first
	// line into a closed pipe would end the process.
	signal.Ignore(syscall.SIGPIPE)
	s, err := open(ctx, o, stderr)
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return fmt.Errorf("%w: call it again, as before", errNothingTrained)
	}
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
	if o.resume != "" {
		// Only now that the run is ready to go on: flags may have changed it.
		if err := s.run.Open(s.config.Marshal()); err != nil {
			return err
		}
	}
	trainer.AttachCurves(s.trainer, s.run, table)
	trainer.AttachCheckpoints(s.trainer, s.run, s.config.Checkpoint)

	s.describe(stderr)
	err = s.trainer.Run(ctx)
	progress.Close()
	return s.conclude(err, o, stdout)
}

// conclude says what came out and what to do next.
func (s *session) conclude(err error, o options, stdout io.Writer) error {
	dir := s.run.Dir
	var notFinite *trainer.NotFiniteError
	switch {
	case errors.Is(err, trainer.ErrStopped):
		return fmt.Errorf("%w; everything is saved. Go on with: %s", err, resumeCommand(dir))
	case errors.As(err, &notFinite):
		return s.diverged(err, o)
	case err != nil && canResume(s.run):
		return fmt.Errorf("%w. Once that is put right, go on with: %s", err, resumeCommand(dir))
	case err != nil:
		return fmt.Errorf("%w. Nothing is saved yet: once that is put right, start again with: %s", err, restartCommand(s.run, o.init))
	}
	if v := s.trainer.Checkpoint().Validation; v != nil {
		fmt.Fprintf(stdout, "validation accuracy %.1f%% ± %.1f%% on %d pairs of held-out people, threshold %.3f\n",
			100*v.Accuracy, 100*v.StdErr, v.Pairs, v.Threshold)
	}
	fmt.Fprintf(stdout, "done: %s, curves %s and %s. Next: %s %s\n", s.run.Last(), s.run.AccuracyPlot(), s.run.LossPlot(), sibling("export"), quote(dir))
	return nil
}

// diverged adds to a loss or gradient that is not finite a command that gets the
// run going again. A state that no step could follow is no place to go on from,
// whatever the rate: then it is the best one of before, or the beginning.
func (s *session) diverged(err error, o options) error {
	rate := fmt.Sprintf("--solver.rate %.3g", s.config.Solver.Rate/4)
	last := s.trainer.Checkpoint().Step - s.trainer.Unsaved()
	switch {
	case s.trainer.Unsaved() > 0:
		return fmt.Errorf("%w; the last good state is kept: %s", err, resumeCommand(s.run.Dir, rate))
	case s.bestStep() > 0 && s.bestStep() < last:
		return fmt.Errorf("%w; the last state itself is beyond repair. Go back to the best: cp %s %s && %s",
			err, quote(s.run.Best()), quote(s.run.Last()), resumeCommand(s.run.Dir, rate))
	}
	return fmt.Errorf("%w; the last state itself is beyond repair. Start over with: %s", err, restartCommand(s.run, o.init, rate))
}

// bestStep is the step of the best checkpoint, 0 if there is none.
func (s *session) bestStep() int {
	best, err := checkpoint.Load(s.run.Best())
	if err != nil {
		return 0
	}
	return best.Step
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
	weights, err := o.initial(checkpoint.Run{Dir: c.Run})
	if err != nil {
		return nil, err
	}
	s, err := newSession(ctx, c, stderr)
	if err != nil {
		return nil, err
	}
	if err := s.begin(ctx, o, weights, stderr); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// begin makes the directory of a new run, which starts with the weights if there are
// any.
func (s *session) begin(ctx context.Context, o options, weights map[string][]float32, stderr io.Writer) error {
	if weights != nil {
		if err := s.trainer.SetWeights(weights); err != nil {
			return fmt.Errorf("--init %s: %w", o.init, err)
		}
	}
	var err error
	if s.lock, err = (checkpoint.Run{Dir: s.config.Run}).Lock(); err != nil {
		return err
	}
	if s.run, err = checkpoint.Create(s.config.Run, s.config.Marshal(), o.overwrite); err != nil {
		return err
	}
	return s.writeLists(ctx, stderr)
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
	lock, err := run.Lock()
	if err != nil {
		return nil, err
	}
	s, err := resumeLocked(ctx, run, o, stderr)
	if err != nil {
		_ = lock.Release() // the first error is the one to tell
		return nil, err
	}
	s.lock = lock
	return s, nil
}

func resumeLocked(ctx context.Context, run checkpoint.Run, o options, stderr io.Writer) (*session, error) {
	c, err := savedConfig(run, o.settings)
	if err != nil {
		return nil, err
	}
	state, err := checkpoint.Load(run.Last())
	if err != nil {
		return nil, err
	}
	s, err := newSession(ctx, c, stderr)
	if err != nil {
		return nil, err
	}
	s.run = run
	if err = s.trainer.Restore(state); err != nil {
		err = fmt.Errorf("%s: %w", run.Last(), err)
	} else if c.Train.Epochs < state.Epoch {
		err = fmt.Errorf("train.epochs is %d, and %s has done %d already; give at least as many with --train.epochs", c.Train.Epochs, run.Dir, state.Epoch)
	} else {
		err = s.writeLists(ctx, stderr)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// savedConfig reads the config of a run, with the flags that may change on top.
func savedConfig(run checkpoint.Run, flags *config.Flags) (config.Config, error) {
	saved, err := readfile.AtMost(run.Config(), config.MaxFile)
	const remedy = "bring it back, or start over with --config FILE --run %s --overwrite"
	if err != nil {
		return config.Config{}, fmt.Errorf("--resume %s: the run's config cannot be read: %w; "+remedy, run.Dir, err, quote(run.Dir))
	}
	// A file of no keys would mean the default of each.
	if len(bytes.TrimSpace(saved)) == 0 || !utf8.Valid(saved) || bytes.ContainsRune(saved, 0) {
		return config.Config{}, fmt.Errorf("--resume %s: %s is damaged: it holds no settings; "+remedy, run.Dir, run.Config(), quote(run.Dir))
	}
	c, err := config.Resume(run.Config(), saved, flags)
	c.Run = run.Dir
	return c, err
}
