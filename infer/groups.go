package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// group is how the pairs are judged of which both photos show one of a group of people,
// by the threshold that decides.
type group struct {
	Name      string    `json:"name"`
	Same      errorRate `json:"same"`      // wrong: taken for two
	Different errorRate `json:"different"` // wrong: taken for one
}

// errorRate says how many pairs are judged wrong. Without pairs there is no rate.
type errorRate struct {
	Pairs    int       `json:"pairs"`
	Wrong    int       `json:"wrong"`
	Rate     *float64  `json:"rate,omitempty"`
	Interval []float64 `json:"interval,omitempty"` // see verification.Wilson
}

func newErrorRate(pairs, wrong int) errorRate {
	r := errorRate{Pairs: pairs, Wrong: wrong}
	if pairs > 0 {
		rate := float64(wrong) / float64(pairs)
		low, high := verification.Wilson(pairs, wrong)
		r.Rate, r.Interval = &rate, []float64{low, high}
	}
	return r
}

// notMark begins the name of a group of those who lack an attribute.
const notMark = "not "

// groupNames are the groups that eval tells apart, if the file has the attributes: of
// people, and of what covers a face.
var groupNames = []string{
	"Male", notMark + "Male", "Asian", "Black", "Indian", "White",
	"Baby", "Child", "Youth", "Middle Aged", "Senior",
	"Eyeglasses", "Sunglasses", "Wearing Hat",
}

// grouping is an attribute file as eval needs it.
type grouping struct {
	*dataset.Attributes
	names []string // of the groups that it can tell apart
}

func readGrouping(path string) (*grouping, error) {
	a, err := dataset.ReadAttributes(path)
	if err != nil {
		return nil, err
	}
	g := &grouping{Attributes: a}
	for _, name := range groupNames {
		if slices.Contains(a.Names, strings.TrimPrefix(name, notMark)) {
			g.names = append(g.names, name)
		}
	}
	if g.names == nil {
		return nil, fmt.Errorf("%s: has none of the attributes by which eval tells groups apart (%s); give LFW's lfw_attributes.txt", path, strings.Join(groupNames, ", "))
	}
	return g, nil
}

// groups divides the pairs by what is known of their images: all of them first, then by
// group those of which both images are known.
func (p *pairSet) groups(g *grouping, scores []verification.Score, threshold func(pair int) float64) []group {
	wrong := make([]bool, len(p.list.Pairs))
	for _, m := range verification.Wrong(scores, threshold) {
		wrong[m.Pair] = true
	}
	groups := []group{p.group("all", wrong, func(dataset.Ref) bool { return true })}
	for _, name := range g.names {
		attribute, not := strings.CutPrefix(name, notMark)
		i := slices.Index(g.Names, attribute)
		groups = append(groups, p.group(name, wrong, func(r dataset.Ref) bool {
			has, known := g.Has(r, i)
			return known && has != not
		}))
	}
	return groups
}

// group counts the pairs, and those of them that are judged wrong, of which in holds for
// both images.
func (p *pairSet) group(name string, judgedWrong []bool, in func(dataset.Ref) bool) group {
	var pairs, wrong [2]int // different, same
	for i, pair := range p.list.Pairs {
		if !in(pair.A) || !in(pair.B) {
			continue
		}
		kind := 0
		if pair.Same {
			kind = 1
		}
		pairs[kind]++
		if judgedWrong[i] {
			wrong[kind]++
		}
	}
	return group{name, newErrorRate(pairs[1], wrong[1]), newErrorRate(pairs[0], wrong[0])}
}

// unknown counts the images of the pairs that are not in the file.
func (p *pairSet) unknown(g *grouping) int {
	unknown := map[dataset.Ref]bool{}
	for _, pair := range p.list.Pairs {
		for _, r := range []dataset.Ref{pair.A, pair.B} {
			if _, known := g.Has(r, 0); !known {
				unknown[r] = true
			}
		}
	}
	return len(unknown)
}

// warnUnknown says on standard error how many images are in no group.
func (p *pairSet) warnUnknown(stderr io.Writer, o options, g *grouping) {
	if n := p.unknown(g); n > 0 {
		fmt.Fprintf(stderr, "infer: %d of %d images are not in %s: their pairs are in no group but all\n", n, len(p.paths), o.attributes)
	}
}

// groupTable is the groups for people.
func groupTable(groups []group) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-14s %5s %5s  %-24s %9s %5s  %s\n", "in both photos", "same", "wrong", "FRR (95% interval)", "different", "wrong", "FAR (95% interval)")
	for _, g := range groups {
		fmt.Fprintf(&b, "%-14s %5d %5d  %-24s %9d %5d  %s\n", g.Name, g.Same.Pairs, g.Same.Wrong, g.Same, g.Different.Pairs, g.Different.Wrong, g.Different)
	}
	return b.String()
}

func (r errorRate) String() string {
	if r.Rate == nil {
		return "-"
	}
	return fmt.Sprintf("%.4f (%.4f to %.4f)", *r.Rate, r.Interval[0], r.Interval[1])
}
