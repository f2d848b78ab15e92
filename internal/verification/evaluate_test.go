package verification

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// worked is small enough to be done by hand. Similarities are in thirty-seconds,
// which float64 holds exactly:
//
//	fold  same    different
//	   1  18  8    6  2
//	   2  16 12   10  4
//	   3  14  5    9  0
//
// Sorted, S for same and D for different:
//
//	0D 2D 4D 5S 6D 8S 9D 10D 12S 14S 16S 18S
//
// On all pairs a threshold in (10, 12] gets 10 of 12 right and any other fewer:
// its middle is 11, with no false accept and 2 of 6 false rejects.
//
// Fold 1, chosen on 0D 4D 5S 9D 10D 12S 14S 16S: (10, 12] gets 7 of 8 right and any
// other fewer: 11. On fold 1: 18 right, 8 wrong, 6 and 2 right: 3 of 4.
//
// Fold 2, chosen on 0D 2D 5S 6D 8S 9D 14S 18S: (2, 5], (6, 8] and (9, 14] get 6 of 8
// right; the last is the widest: 11.5. On fold 2: all 4 right.
//
// Fold 3, chosen on 2D 4D 6D 8S 10D 12S 16S 18S: (6, 8] and (10, 12] get 7 of 8 right,
// both 2 wide; the lower: 7. On fold 3: 14 right, 5 wrong, 9 wrong, 0 right: 2 of 4.
//
// Accuracy: (3/4 + 4/4 + 2/4) / 3 = 3/4. Deviations 0, 1/4, -1/4: sample standard
// deviation 1/4, standard error 1/4 / sqrt(3).
//
// Area: of the 6 different pairs, 5S beats 3, 8S beats 4, the other four all 6:
// 31 of 36. Equal error: a threshold in (8, 9] accepts 2 of 6 different pairs and
// rejects 2 of 6 same ones: 1/3. Without a false accept 4 of 6 same pairs pass.
func worked() []Score {
	var scores []Score
	for fold, v := range [][4]float64{{18, 8, 6, 2}, {16, 12, 10, 4}, {14, 5, 9, 0}} {
		for i, s := range v {
			scores = append(scores, Score{Similarity: s / 32, Same: i < 2, Fold: fold + 1})
		}
	}
	return scores
}

func TestEvaluateWorkedByHand(t *testing.T) {
	r, err := Evaluate(worked(), 0)
	if err != nil {
		t.Fatal(err)
	}
	point := func(far float64) OperatingPoint {
		return OperatingPoint{Target: far, FAR: 0, TAR: 4. / 6, Threshold: 11. / 32}
	}
	want := Result{
		Accuracy: 0.75, StdErr: 0.25 / math.Sqrt(3),
		Threshold: 11. / 32, FAR: 0, FRR: 2. / 6,
		EER: 1. / 3, AUC: 31. / 36,
		TAR:   []OperatingPoint{point(1e-2), point(1e-3)},
		Pairs: 12, Same: 6, Different: 6,
		Folds: []Fold{{4, 3, 11. / 32}, {4, 4, 11.5 / 32}, {4, 2, 7. / 32}},
	}
	if len(r.ROC) != 13 {
		t.Errorf("%d corners of the curve, want 13: 12 different similarities and the origin", len(r.ROC))
	}
	r.ROC = nil
	// 1/3 and sqrt(3) round: a few units in the last place.
	for _, c := range []struct{ got, want *float64 }{
		{&r.Accuracy, &want.Accuracy},
		{&r.StdErr, &want.StdErr},
		{&r.EER, &want.EER},
	} {
		if math.Abs(*c.got-*c.want) < 1e-15 {
			*c.got = *c.want
		}
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("got  %+v\nwant %+v", r, want)
	}
}

// A list without folds is cut by position, same and different apart: the worked
// pairs in their order fall into the very folds they have.
func TestEvaluateCutsInOrder(t *testing.T) {
	scores := worked()
	want, err := Evaluate(scores, 3)
	if err != nil {
		t.Fatal(err)
	}
	for i := range scores {
		scores[i].Fold = 0
	}
	got, err := Evaluate(scores, 3)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// With 5 same and 4 different pairs in 3 folds no fold is more than one pair larger
// than another of its kind, and none is empty.
func TestSplitIsEven(t *testing.T) {
	var scores []Score
	for i := range 9 {
		scores = append(scores, Score{Similarity: float64(i), Same: i%2 == 0})
	}
	r, err := Evaluate(scores, 3)
	if err != nil {
		t.Fatal(err)
	}
	var sizes []int
	for _, f := range r.Folds {
		sizes = append(sizes, f.Pairs)
	}
	if want := []int{4, 3, 2}; !reflect.DeepEqual(sizes, want) {
		t.Errorf("folds of %v pairs, want %v", sizes, want)
	}
}

func TestEvaluatePerfectAndHopeless(t *testing.T) {
	var perfect, hopeless []Score
	for i := range 20 {
		s := Score{Similarity: float64(i%2) + float64(i)/1000, Same: i%2 == 1}
		perfect = append(perfect, s)
		s.Same = !s.Same
		hopeless = append(hopeless, s)
	}
	r, err := Evaluate(perfect, 0)
	if err != nil {
		t.Fatal(err)
	}
	if r.Accuracy != 1 || r.StdErr != 0 || r.AUC != 1 || r.EER != 0 || r.TAR[1].TAR != 1 || len(r.Folds) != 10 {
		t.Errorf("perfect scores: %+v", r)
	}
	if r, err = Evaluate(hopeless, 0); err != nil {
		t.Fatal(err)
	}
	if r.AUC != 0 || r.EER != 1 || r.TAR[0].TAR != 0 {
		t.Errorf("inverted scores: %+v", r)
	}
}

// Equal similarities of both kinds cannot be told apart: two same pairs at 1, a
// different pair at 1 and one at 0. The curve is one slanted line from (0, 0) to
// (1/2, 1) and a level one to (1, 1): it meets FAR = 1 - TAR at 1/3; the area is
// 1/2 for the tie and 1 for the rest: 3/4.
func TestTies(t *testing.T) {
	scores := []Score{{Similarity: 1, Same: true}, {Similarity: 1, Same: true}, {Similarity: 1}, {Similarity: 0}}
	r, err := Evaluate(scores, 2)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(r.EER-1./3) > 1e-15 || r.AUC != 0.75 || len(r.ROC) != 3 {
		t.Errorf("EER %v, AUC %v, %d corners; want 1/3, 3/4, 3", r.EER, r.AUC, len(r.ROC))
	}
	if r.TAR[0].TAR != 0 || r.TAR[0].Threshold <= 1 {
		t.Errorf("at FAR 1e-2: %+v; want nothing accepted", r.TAR[0])
	}
}

func TestEvaluateErrors(t *testing.T) {
	same, different := Score{Similarity: 1, Same: true}, Score{}
	for _, c := range []struct {
		name   string
		scores []Score
		folds  int
		want   string
	}{
		{"no pairs", nil, 0, "no pairs"},
		{"only same", []Score{same, same}, 2, "none of the 2 pairs shows two different people"},
		{"only different", []Score{different}, 2, "none of the 1 pairs shows the same person twice"},
		{"one fold", worked(), 1, "at least 2"},
		{"negative folds", worked(), -3, "at least 2"},
		{"folds of its own", worked(), 4, "in 3 folds of their own, not in 4; ask for their number or for none"},
		{"more folds than pairs", []Score{same, different, different}, 2, "1 pairs of the same person and 2 of different people cannot be cut into 2 folds with some of both; ask for fewer folds or give more pairs"},
		{"NaN", []Score{same, {Similarity: math.NaN()}}, 2, "not finite"},
		{"infinity", []Score{same, {Similarity: math.Inf(-1)}}, 2, "not finite"},
		{"a kind in one fold only", []Score{same, same, {Fold: 1}, {Fold: 1}}, 0, "(in the folds other than number 1)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Evaluate(c.scores, c.folds)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one line with %q", err, c.want)
			}
			// All but what is wrong with a similarity is known before there is one.
			early := CheckFolds(c.scores, c.folds)
			if c.want == "not finite" {
				return
			}
			if early == nil || early.Error() != err.Error() {
				t.Errorf("before: error %v, want %v", early, err)
			}
		})
	}
	if err := CheckFolds([]Score{{Similarity: math.NaN(), Same: true}, {Similarity: math.NaN()}, {Same: true}, {}}, 2); err != nil {
		t.Errorf("pairs without similarities: %v", err)
	}
}

func TestAtFAR(t *testing.T) {
	d, err := newDistribution(worked())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		target, far, tar, threshold float64
	}{
		{0, 0, 4. / 6, 11. / 32},
		{1. / 6, 1. / 6, 4. / 6, 9.5 / 32}, // the 10 of two different people may pass
		{0.34, 2. / 6, 5. / 6, 7. / 32},    // so may the 9, and with it the same pair at 8
		{1, 1, 1, 0},
	} {
		if p, want := d.atFAR(c.target), (OperatingPoint{c.target, c.far, c.tar, c.threshold}); p != want {
			t.Errorf("atFAR(%v) = %+v, want %+v", c.target, p, want)
		}
	}
}

// The quick ways agree with the plain definitions on random scores with many ties.
func TestAgainstDefinitions(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		var scores []Score
		for i := range 40 {
			scores = append(scores, Score{Similarity: float64(random.IntN(15)+3*(i%2)) / 20, Same: i%2 == 1})
		}
		r, err := Evaluate(scores, 5)
		if err != nil {
			t.Fatal(err)
		}
		wins := 0.0
		for _, a := range scores {
			for _, b := range scores {
				if a.Same && !b.Same {
					switch {
					case a.Similarity > b.Similarity:
						wins++
					case a.Similarity == b.Similarity:
						wins += 0.5
					}
				}
			}
		}
		if want := wins / 400; r.AUC != want {
			t.Errorf("AUC %v, by counting %v", r.AUC, want)
		}
		for _, p := range r.ROC {
			if far, frr := Rates(scores, p.Threshold); far != p.FAR || math.Abs(1-frr-p.TAR) > 1e-15 {
				t.Errorf("corner %+v, but the threshold gives FAR %v, FRR %v", p, far, frr)
			}
			far, frr := Rates(scores, p.Threshold)
			bestFAR, bestFRR := Rates(scores, r.Threshold)
			if far+frr < bestFAR+bestFRR-1e-15 { // equally many of both kinds: accuracy is 1 - (FAR+FRR)/2
				t.Errorf("threshold %v beats the best %v", p.Threshold, r.Threshold)
			}
		}
	}
}

func TestNeighboursInFloat64(t *testing.T) {
	low := 0.5
	high := math.Nextafter(low, 1)
	d, err := newDistribution([]Score{{Similarity: low}, {Similarity: high, Same: true}})
	if err != nil {
		t.Fatal(err)
	}
	if got := d.best(); got != high {
		t.Errorf("threshold %v between neighbours, want the upper, %v", got, high)
	}
}

// The folds of worked with a threshold from elsewhere: at 7/32 fold 1 has all right,
// fold 2 accepts 10, and fold 3 has 14 and 0 right.
func TestEvaluateAt(t *testing.T) {
	r, err := EvaluateAt(worked(), 0, 7./32)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Fold{{4, 4, 7. / 32}, {4, 3, 7. / 32}, {4, 2, 7. / 32}}; !reflect.DeepEqual(r.Folds, want) {
		t.Errorf("folds %v, want %v", r.Folds, want)
	}
	// Deviations 1/4, 0, -1/4: sample standard deviation 1/4.
	if math.Abs(r.Accuracy-0.75) > 1e-15 || math.Abs(r.StdErr-0.25/math.Sqrt(3)) > 1e-15 {
		t.Errorf("%v ± %v, want 3/4 ± 1/4/sqrt(3)", r.Accuracy, r.StdErr)
	}
	plain, err := Evaluate(worked(), 0)
	if err != nil {
		t.Fatal(err)
	}
	own, err := EvaluateAt(worked(), 0, 11./32, 11.5/32, 7./32)
	if err != nil || !reflect.DeepEqual(own, plain) {
		t.Errorf("at each fold's own threshold: %+v, %v; want %+v", own, err, plain)
	}
	if _, err := EvaluateAt(worked(), 0, 1, 2); err == nil || err.Error() != "verification: 2 thresholds for 3 folds" {
		t.Errorf("error %v", err)
	}
}
