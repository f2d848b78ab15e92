package verification

// best returns the threshold with the highest accuracy, the share of pairs that
// the decision rule gets right. Every threshold between two neighbouring
// similarities is as good as another, so the middle of such a gap stands for all
// of it. Of several gaps with the same accuracy the widest is taken, and of
// equally wide ones the lowest: the result depends on nothing but the scores.
func (d distribution) best() float64 {
	at, most, width := 0, d.same, 0.0 // the cut below all groups: all are accepted
	right := d.same
	for i, g := range d.groups {
		right += g.different - g.same // g is rejected from here on
		gap := 0.0
		if i+1 < len(d.groups) {
			gap = d.groups[i+1].similarity - g.similarity
		}
		if right > most || right == most && gap > width {
			at, most, width = i+1, right, gap
		}
	}
	return d.cut(at)
}

// Rates returns the false-accept rate (the share of pairs of different people
// that reach the threshold) and the false-reject rate (the share of pairs of the
// same person that do not). A rate over no pairs is NaN.
func Rates(scores []Score, threshold float64) (far, frr float64) {
	return RatesBy(scores, func(int) float64 { return threshold })
}

// RatesBy is Rates with a threshold for each pair, by its index.
func RatesBy(scores []Score, threshold func(pair int) float64) (far, frr float64) {
	var same, different, accepted, rejected int
	for i, s := range scores {
		switch accept := s.Similarity >= threshold(i); {
		case s.Same && !accept:
			same, rejected = same+1, rejected+1
		case s.Same:
			same++
		case accept:
			different, accepted = different+1, accepted+1
		default:
			different++
		}
	}
	return float64(accepted) / float64(different), float64(rejected) / float64(same)
}

// An OperatingPoint is a threshold that was chosen for a false-accept rate.
type OperatingPoint struct {
	Target    float64 `json:"target_far"` // the rate that was asked for
	FAR       float64 `json:"far"`        // the rate that the pairs show, at most Target
	TAR       float64 `json:"tar"`        // the share of same pairs that are accepted
	Threshold float64 `json:"threshold"`
}

// atFAR returns the lowest threshold (and so the highest true-accept rate) whose
// false-accept rate on the scores is at most the target. Nothing is interpolated:
// with fewer pairs of different people than 1/target, it is the threshold that
// accepts none of them.
func (d distribution) atFAR(target float64) OperatingPoint {
	at, accepted, hits := len(d.groups), 0, 0
	for i := len(d.groups) - 1; i >= 0; i-- {
		g := d.groups[i]
		if float64(accepted+g.different)/float64(d.different) > target {
			break
		}
		at, accepted, hits = i, accepted+g.different, hits+g.same
	}
	return OperatingPoint{
		Target:    target,
		FAR:       float64(accepted) / float64(d.different),
		TAR:       float64(hits) / float64(d.same),
		Threshold: d.cut(at),
	}
}
