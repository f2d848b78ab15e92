package verification

// Mistake is a pair that a threshold judges wrong.
type Mistake struct {
	Pair      int // index into the scores
	Threshold float64
}

// Wrong returns the pairs that are judged wrong, in the order of the scores. threshold
// gives that of a pair.
func Wrong(scores []Score, threshold func(pair int) float64) []Mistake {
	var wrong []Mistake
	for i, s := range scores {
		if t := threshold(i); !s.right(t) {
			wrong = append(wrong, Mistake{i, t})
		}
	}
	return wrong
}
