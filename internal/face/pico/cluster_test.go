package pico

import (
	"slices"
	"testing"
)

func TestCluster(t *testing.T) {
	for _, c := range []struct {
		name          string
		windows, want []Window
	}{
		{"none", nil, nil},
		{"one", []Window{{50, 60, 40, 3}}, []Window{{50, 60, 40, 3}}},
		{"the same twice", []Window{{50, 60, 40, 3}, {50, 60, 40, 3}}, []Window{{50, 60, 40, 6}}},
		// 3 parts of the first and 1 of the second.
		{"mean by scores", []Window{{50, 60, 40, 3}, {58, 64, 48, 1}}, []Window{{52, 61, 42, 4}}},
		{"the surest first", []Window{{20, 20, 20, 1}, {80, 80, 20, 2}}, []Window{{80, 80, 20, 2}, {20, 20, 20, 1}}},
		// By its sum the second cluster is surer, though the surest window is the first's.
		{
			"sums count",
			[]Window{{20, 20, 20, 5}, {80, 80, 20, 4}, {80, 80, 20, 4}},
			[]Window{{80, 80, 20, 8}, {20, 20, 20, 5}},
		},
		// Side by side, an overlap of 1/3 joins: 20 of 60 columns; one of 1/9 does not.
		{"overlap enough", []Window{{50, 40, 40, 1}, {50, 60, 40, 1}}, []Window{{50, 50, 40, 2}}},
		{"overlap little", []Window{{50, 40, 40, 2}, {50, 72, 40, 1}}, []Window{{50, 40, 40, 2}, {50, 72, 40, 1}}},
		// A small window in a large one shares a sixteenth.
		{"inside", []Window{{50, 50, 40, 2}, {50, 50, 10, 1}}, []Window{{50, 50, 40, 2}, {50, 50, 10, 1}}},
		// The third overlaps the second and not the first, the surest, which takes the
		// second.
		{
			"no chains",
			[]Window{{50, 40, 40, 3}, {50, 60, 40, 1}, {50, 80, 40, 2}},
			[]Window{{50, 45, 40, 4}, {50, 80, 40, 2}},
		},
	} {
		windows := slices.Clone(c.windows)
		if got := Cluster(windows); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if !slices.Equal(windows, c.windows) {
			t.Errorf("%s: the windows given have changed", c.name)
		}
	}
}

func TestOverlap(t *testing.T) {
	w := Window{Row: 10, Col: 20, Size: 10}
	for _, c := range []struct {
		v    Window
		want float64
	}{
		{w, 1},
		{Window{Row: 15, Col: 20, Size: 10}, 1.0 / 3},
		{Window{Row: 15, Col: 25, Size: 10}, 25.0 / 175},
		{Window{Row: 20, Col: 20, Size: 10}, 0},
		{Window{Row: 100, Col: 20, Size: 10}, 0},
		{Window{Row: 10, Col: 20, Size: 5}, 0.25},
	} {
		if got := w.overlap(c.v); got != c.want || c.v.overlap(w) != got {
			t.Errorf("overlap with %v: %v, from it %v, want %v", c.v, got, c.v.overlap(w), c.want)
		}
	}
}
