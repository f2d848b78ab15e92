package solver

import (
	"errors"
	"math"
	"testing"
)

// TestStepFollowsPyTorch replays three steps of torch.optim.SGD(lr=0.1,
// momentum=0.9, weight_decay=0.01), worked out by hand:
//
//	w = 1, g = 0.5:  v = 0.51,                    w = 1 − 0.051     = 0.949
//	      g = 0.5:   v = 0.459 + 0.50949,         w = 0.949 − 0.096849 = 0.852151
//	      g = −1, rate 0.01: v = 0.871641 − 0.99147849, w = 0.8533493749
func TestStepFollowsPyTorch(t *testing.T) {
	s := New(Options{Momentum: 0.9, WeightDecay: 0.01, Threads: 1})
	w := []float32{1}
	for i, step := range []struct {
		g    float32
		rate float64
		want float64
	}{{0.5, 0.1, 0.949}, {0.5, 0.1, 0.852151}, {-1, 0.01, 0.8533493749}} {
		if _, err := s.Step([]Param{{"w", w, []float32{step.g}, true}}, step.rate); err != nil {
			t.Fatal(err)
		}
		// float32 has 24 bits: 6e-8 a rounding, some of them a step.
		if math.Abs(float64(w[0])-step.want) > 3e-7 {
			t.Errorf("step %d: w = %v, want %v", i, w[0], step.want)
		}
	}
}

func TestDecayOnlyWhereAsked(t *testing.T) {
	s := New(Options{WeightDecay: 0.5, Threads: 1})
	weight, slope := []float32{2}, []float32{2}
	zero := []float32{0}
	if _, err := s.Step([]Param{{"weight", weight, zero, true}, {"slope", slope, zero, false}}, 0.1); err != nil {
		t.Fatal(err)
	}
	if math.Abs(float64(weight[0])-1.9) > 1e-6 || slope[0] != 2 {
		t.Errorf("weight %v, want 1.9; slope %v, want 2", weight[0], slope[0])
	}
}

func TestClip(t *testing.T) {
	for _, tc := range []struct {
		clip float64
		want [2]float64
	}{{0, [2]float64{-3, -4}}, {10, [2]float64{-3, -4}}, {1, [2]float64{-0.6, -0.8}}} {
		s := New(Options{ClipNorm: tc.clip, Threads: 1})
		a, b := []float32{0}, []float32{0}
		norm, err := s.Step([]Param{{"a", a, []float32{3}, true}, {"b", b, []float32{4}, true}}, 1)
		if err != nil || norm != 5 {
			t.Errorf("norm %v, want 5 (%v)", norm, err)
		}
		if math.Abs(float64(a[0])-tc.want[0]) > 1e-6 || math.Abs(float64(b[0])-tc.want[1]) > 1e-6 {
			t.Errorf("clip %v: moved by %v, %v; want %v", tc.clip, a[0], b[0], tc.want)
		}
	}
}

func TestNotFiniteChangesNothing(t *testing.T) {
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		s := New(Options{Momentum: 0.9, Threads: 1})
		w, x := []float32{1}, []float32{1}
		_, err := s.Step([]Param{{"w", w, []float32{1}, true}, {"x", x, []float32{float32(bad)}, true}}, 1)
		if !errors.Is(err, ErrNotFinite) || w[0] != 1 || x[0] != 1 || s.Velocity("w") != nil {
			t.Errorf("%v: error %v, w %v, x %v", bad, err, w, x)
		}
	}
}

// TestRestoredVelocity splits a run in two and expects the bits of one run.
func TestRestoredVelocity(t *testing.T) {
	grad := func(i int) []float32 { return []float32{float32(math.Sin(float64(i))), 0.3} }
	run := func(s *SGD, w []float32, from, to int) {
		for i := from; i < to; i++ {
			if _, err := s.Step([]Param{{"w", w, grad(i), true}}, 0.1); err != nil {
				t.Fatal(err)
			}
		}
	}
	o := Options{Momentum: 0.9, WeightDecay: 0.01, Threads: 1}
	whole := []float32{1, 2}
	run(New(o), whole, 0, 9)

	parts := []float32{1, 2}
	first := New(o)
	run(first, parts, 0, 4)
	second := New(o)
	second.SetVelocity("w", append([]float32(nil), first.Velocity("w")...))
	run(second, parts, 4, 9)
	if whole[0] != parts[0] || whole[1] != parts[1] {
		t.Errorf("got %v, want %v", parts, whole)
	}
}

func TestMismatchedGradient(t *testing.T) {
	_, err := New(Options{Threads: 1}).Step([]Param{{"w", []float32{1}, nil, true}}, 1)
	if err == nil || err.Error() != "solver: parameter w has 1 values and 0 gradients" {
		t.Errorf("got %v", err)
	}
}

func TestSchedule(t *testing.T) {
	cosine := Schedule{Kind: "cosine", Rate: 2, Warmup: 4, Total: 14}
	stairs := Schedule{Kind: "step", Rate: 0.001, Stair: 64, Factor: 0.1, Total: 128}
	milestones := Schedule{Kind: "milestones", Rate: 0.1, Warmup: 2, Milestones: []int{16000, 24000}, Factor: 0.1, Total: 28000}
	for _, tc := range []struct {
		name string
		s    Schedule
		step int
		want float64
	}{
		{"first warm-up step", cosine, 0, 0.5},
		{"last warm-up step", cosine, 3, 2},
		{"start of cosine", cosine, 4, 2},
		{"half of cosine", cosine, 9, 1},
		{"last step of cosine", cosine, 13, 1 + math.Cos(0.9*math.Pi)},
		{"end of cosine", cosine, 14, 0},
		{"past the end", cosine, 99, 0},
		{"warm-up longer than the run", Schedule{Kind: "cosine", Rate: 2, Warmup: 4, Total: 4}, 4, 2},
		{"first stair", stairs, 63, 0.001},
		{"second stair", stairs, 64, 0.0001},
		{"before the first milestone", milestones, 15999, 0.1},
		{"at the first milestone", milestones, 16000, 0.01},
		{"at the last milestone", milestones, 24000, 0.001},
		{"in warm-up", milestones, 0, 0.05},
		{"constant", Schedule{Kind: "constant", Rate: 3, Warmup: 2, Total: 9}, 8, 3},
		{"constant warm-up", Schedule{Kind: "constant", Rate: 3, Warmup: 2, Total: 9}, 0, 1.5},
	} {
		if got := tc.s.At(tc.step); math.Abs(got-tc.want) > 1e-12 {
			t.Errorf("%s: step %d has the rate %v, want %v", tc.name, tc.step, got, tc.want)
		}
	}
}
