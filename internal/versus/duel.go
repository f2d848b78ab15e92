package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"
)

// side is one of the two that are compared.
type side struct {
	name string
	// run does the work n times and tells the seconds of each.
	run func(ctx context.Context, n int) ([]float64, error)
}

// duel is a comparison: the same work on the same number of images.
type duel struct {
	title        string
	images       int // that one run takes
	ours, theirs side
}

// outcome holds the median seconds of every turn, round by round.
type outcome struct {
	duel
	oursTook, theirsTook []float64
}

// settle is the time between two turns. The threads of the side that has
// finished spin for some milliseconds, waiting for more, before they sleep:
// docs/benchmarks.md has what was measured.
const settle = 200 * time.Millisecond

// leastRuns is how often a side runs in a turn at least.
const leastRuns = 3

// fight warms both sides up, then lets them take turns.
func (d duel) fight(ctx context.Context, rounds int, turn time.Duration, progress io.Writer) (outcome, error) {
	o := outcome{duel: d}
	sides := []side{d.ours, d.theirs}
	runs := make([]int, len(sides))
	for i, s := range sides {
		took, err := s.turn(ctx, leastRuns)
		if err != nil {
			return o, err
		}
		runs[i] = runsFor(turn, took)
	}
	for round := range rounds {
		ours, err := d.ours.turn(ctx, runs[0])
		if err != nil {
			return o, err
		}
		theirs, err := d.theirs.turn(ctx, runs[1])
		if err != nil {
			return o, err
		}
		o.oursTook = append(o.oursTook, ours)
		o.theirsTook = append(o.theirsTook, theirs)
		fmt.Fprintf(progress, "%s: round %d/%d: %s %s, %s %s, ratio %.2f\n",
			d.title, round+1, rounds, d.ours.name, duration(ours), d.theirs.name, duration(theirs), theirs/ours)
	}
	return o, nil
}

// turn is the median of n runs, after the other side has come to rest.
func (s side) turn(ctx context.Context, n int) (float64, error) {
	select {
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	case <-time.After(settle):
	}
	took, err := s.run(ctx, n)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", s.name, err)
	}
	if len(took) != n {
		return 0, fmt.Errorf("%s: %d times for %d runs", s.name, len(took), n)
	}
	return median(took), nil
}

// runsFor is how many runs of so many seconds fill a turn.
func runsFor(turn time.Duration, seconds float64) int {
	return max(leastRuns, int(math.Ceil(turn.Seconds()/max(seconds, 1e-4))))
}

// timed runs f n times and tells the seconds of each.
func timed(ctx context.Context, n int, f func() error) ([]float64, error) {
	took := make([]float64, n)
	for i := range took {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		start := time.Now()
		if err := f(); err != nil {
			return nil, err
		}
		took[i] = time.Since(start).Seconds()
	}
	return took, nil
}
