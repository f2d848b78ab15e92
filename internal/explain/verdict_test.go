package explain

import (
	"math"
	"testing"
)

func TestWords(t *testing.T) {
	for _, v := range []struct {
		similarity, threshold float64
		verdict, reason       string
	}{
		{0.61234, 0.321, "Same person", "The similarity of 0.6123 is at least the threshold of 0.3210."},
		{0.5, 0.5, "Same person", "The similarity of 0.5000 is at least the threshold of 0.5000."},
		{-0.1, 0.321, "Different people", "The similarity of -0.1000 is below the threshold of 0.3210."},
		{math.NaN(), 0.321, "No verdict", "The similarity is not a number."},
		{0.25, math.NaN(), "No verdict", "There is no threshold for the similarity of 0.2500."},
	} {
		if verdict, reason := (result{v.similarity, v.threshold}).words(); verdict != v.verdict || reason != v.reason {
			t.Errorf("%v beside %v: %q, %q; want %q, %q", v.similarity, v.threshold, verdict, reason, v.verdict, v.reason)
		}
	}
}
