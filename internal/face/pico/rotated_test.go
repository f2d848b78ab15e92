package pico

import (
	"math"
	"testing"
)

func TestRotatedByQuartersIsExact(t *testing.T) {
	const side = 256
	// The face of about 106 pixels becomes one of 256.
	g := resized(part(portrait(), 30, 130, 170, 190), 410, 458)
	upright := Faces()
	seen := 0
	for quarter := 1; quarter <= 4; quarter++ {
		g0 := g
		for range quarter {
			g0 = turned(g0)
		}
		rotated := upright.Rotated(math.Sincos(float64(quarter) * math.Pi / 2))
		for row := side/2 + 2; row < g.H-side/2-2; row += 5 {
			for col := side/2 + 2; col < g.W-side/2-2; col += 5 {
				r, c, h, w := row, col, g.H, g.W
				for range quarter {
					r, c, h, w = c, h-1-r, w, h
				}
				want, got := score(t, upright, g, row, col, side), score(t, rotated, g0, r, c, side)
				if got != want {
					t.Fatalf("%d quarters, window at (%d, %d): score %v, upright %v", quarter, row, col, got, want)
				}
				if want > 0 {
					seen++
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d windows with a face were compared", seen)
	}
}

func TestRotatedFindsTheSameFace(t *testing.T) {
	s := Search{MinSize: 40, MaxSize: 200, Shift: 0.05, Scale: 1.1}
	find := func(f *Finder, g Gray) Window {
		t.Helper()
		windows, err := f.Find(t.Context(), g, s)
		if err != nil {
			t.Fatal(err)
		}
		clusters := Cluster(windows)
		if len(clusters) == 0 {
			t.Fatal("no face")
		}
		return clusters[0]
	}
	g := part(portrait(), 20, 100, 220, 240)
	want := find(Faces(), g)
	for quarter := 1; quarter <= 3; quarter++ {
		g = turned(g)
		want.Row, want.Col = want.Col, float64(g.W)-want.Row
		got := find(Faces().Rotated(math.Sincos(float64(quarter)*math.Pi/2)), g)
		// The step between windows is a twentieth of their side.
		if d := math.Hypot(got.Row-want.Row, got.Col-want.Col) / want.Size; d > 0.05 {
			t.Errorf("%d quarters: the centre is off by %.3f sides", quarter, d)
		}
		if f := got.Size / want.Size; f < 0.95 || f > 1.05 {
			t.Errorf("%d quarters: the size is off by a factor %.3f", quarter, f)
		}
		if f := got.Score / want.Score; f < 0.8 || f > 1.25 {
			t.Errorf("%d quarters: the score is off by a factor %.3f", quarter, f)
		}
		if w, err := Faces().Find(t.Context(), g, s); err != nil {
			t.Fatal(err)
		} else if c := Cluster(w); len(c) > 0 && c[0].Score > want.Score/4 {
			t.Errorf("%d quarters: the upright cascade finds a face with score %.0f", quarter, c[0].Score)
		}
	}
}
