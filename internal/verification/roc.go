package verification

// A Point of the receiver operating characteristic: the rates at a threshold.
type Point struct {
	Threshold float64 `json:"threshold"`
	FAR       float64 `json:"far"` // false-accept rate
	TAR       float64 `json:"tar"` // true-accept rate, 1 - false-reject rate
}

// roc returns the corners of the curve from (0, 0), where nothing is accepted, to
// (1, 1), where everything is: one point more than there are different
// similarities. Pairs with equal similarities make a slanted line, as they cannot
// be told apart.
func (d distribution) roc() []Point {
	points := make([]Point, 0, len(d.groups)+1)
	accepted, hits := 0, 0
	for i := len(d.groups); ; i-- {
		points = append(points, Point{
			Threshold: d.cut(i),
			FAR:       float64(accepted) / float64(d.different),
			TAR:       float64(hits) / float64(d.same),
		})
		if i == 0 {
			return points
		}
		accepted += d.groups[i-1].different
		hits += d.groups[i-1].same
	}
}

// auc is the area under the curve of roc: the probability that a pair of the same
// person scores higher than a pair of different people, a tie counting one half
// (Mann and Whitney 1947; Hanley and McNeil 1982). Counted in integers, so exact
// up to the last division.
func (d distribution) auc() float64 {
	var twice, below int64
	for _, g := range d.groups {
		twice += int64(g.same) * (2*below + int64(g.different))
		below += int64(g.different)
	}
	return float64(twice) / (2 * float64(d.same) * float64(d.different))
}

// eer is the equal error rate: where the curve, taken as straight lines between
// its corners, meets FAR = 1 - TAR.
func eer(roc []Point) float64 {
	for i := 1; i < len(roc); i++ {
		p, q := roc[i-1], roc[i]
		// p.FAR + p.TAR < 1 before the crossing and grows along the curve.
		before, after := 1-p.FAR-p.TAR, 1-q.FAR-q.TAR
		if after > 0 {
			continue
		}
		return p.FAR + (q.FAR-p.FAR)*before/(before-after)
	}
	return 1 // not reached: the last corner is (1, 1)
}
