package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// fake is a side that says it took so long, and notes its turns.
func fake(name string, seconds float64, turns *[]string) side {
	return side{name, func(_ context.Context, n int) ([]float64, error) {
		*turns = append(*turns, name)
		return slices.Repeat([]float64{seconds}, n), nil
	}}
}

func TestSidesTakeTurns(t *testing.T) {
	var turns []string
	var progress bytes.Buffer
	d := duel{title: "net", ours: fake("we", 0.5, &turns), theirs: fake("they", 0.75, &turns)}
	o, err := d.fight(t.Context(), 2, time.Second, &progress)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"we", "they", "we", "they", "we", "they"}; !slices.Equal(turns, want) {
		t.Errorf("turns %v, want %v: one of each to warm up, then two rounds", turns, want)
	}
	if !slices.Equal(o.oursTook, []float64{0.5, 0.5}) || !slices.Equal(o.theirsTook, []float64{0.75, 0.75}) {
		t.Errorf("took %v and %v", o.oursTook, o.theirsTook)
	}
	if want := "net: round 2/2: we 500 ms, they 750 ms, ratio 1.50\n"; !strings.HasSuffix(progress.String(), want) {
		t.Errorf("progress %q, want %q at its end", progress.String(), want)
	}
}

func TestFightEnds(t *testing.T) {
	var turns []string
	bad := side{"they", func(context.Context, int) ([]float64, error) { return nil, errors.New("broken") }}
	short := side{"they", func(context.Context, int) ([]float64, error) { return []float64{1}, nil }}
	for _, c := range []struct {
		theirs side
		want   string
	}{{bad, "they: broken"}, {short, "they: 1 times for 3 runs"}} {
		_, err := duel{ours: fake("we", 1, &turns), theirs: c.theirs}.fight(t.Context(), 1, time.Second, &bytes.Buffer{})
		if err == nil || err.Error() != c.want {
			t.Errorf("error %v, want %s", err, c.want)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := fake("we", 1, &turns).turn(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v of a turn that was cancelled", err)
	}
}

func TestRunsFor(t *testing.T) {
	for _, c := range []struct {
		turn    time.Duration
		seconds float64
		want    int
	}{
		{2 * time.Second, 10, 3},
		{2 * time.Second, 0.3, 7},
		{2 * time.Second, 0.004, 500},
		{time.Second, 0, 10000},
	} {
		if got := runsFor(c.turn, c.seconds); got != c.want {
			t.Errorf("%v of %v s: %d runs, want %d", c.turn, c.seconds, got, c.want)
		}
	}
}
