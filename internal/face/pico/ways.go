package pico

import "slices"

// ways are the ways from a number of starts, in the form that a step takes: filled
// up to a multiple of lanes with ways from the guess itself.
type ways struct {
	at                 []Guess
	tops, lefts, sides []int32
	rows, cols         []float32 // the trees' sums of moves in this stage
}

func newWays(guess Guess, starts int) *ways {
	n := (starts + lanes - 1) / lanes * lanes
	w := &ways{
		at:   make([]Guess, n),
		tops: make([]int32, n), lefts: make([]int32, n), sides: make([]int32, n),
		rows: make([]float32, n), cols: make([]float32, n),
	}
	for i := range w.at {
		w.at[i] = guess
		if i < starts {
			w.at[i] = disturbed(guess, i)
		}
	}
	return w
}

// enter begins a stage. The surroundings are kept inside the image, and made
// smaller where they do not fit into it.
func (w *ways) enter(g Gray) {
	for i := range w.at {
		at := &w.at[i]
		side := min(int(at.Size+0.5), g.H-4, g.W-4)
		margin := float64((side+1)/2 + 1) // a node reaches 128 of 256 parts
		at.Row = min(max(at.Row, margin), float64(g.H)-margin)
		at.Col = min(max(at.Col, margin), float64(g.W)-margin)
		// From the centre of a pixel, so that parts of one are rounded and not cut.
		w.tops[i], w.lefts[i], w.sides[i] = 256*int32(at.Row)+128, 256*int32(at.Col)+128, int32(side)
	}
	clear(w.rows)
	clear(w.cols)
}

// leave ends a stage: the moves are made, and the surroundings shrink.
func (w *ways) leave(shrink float32) {
	for i := range w.at {
		at := &w.at[i]
		at.Row += float64(float64(w.rows[i]) * at.Size)
		at.Col += float64(float64(w.cols[i]) * at.Size)
		at.Size *= float64(shrink)
	}
}

// median returns that of the first so many ways in each coordinate.
func (w *ways) median(starts int) (row, col float64) {
	of := func(coordinate func(Guess) float64) float64 {
		all := make([]float64, starts)
		for i := range all {
			all[i] = coordinate(w.at[i])
		}
		slices.Sort(all)
		return all[starts/2]
	}
	return of(func(g Guess) float64 { return g.Row }), of(func(g Guess) float64 { return g.Col })
}
