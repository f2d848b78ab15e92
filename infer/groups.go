package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// group is how the pairs of one group of people are judged, both of whose photos show
// one of the group, by the threshold that decides.
type group struct {
	Name      string `json:"name"`
	Same      int    `json:"same"`
	Different int    `json:"different"`
	FAR       rate   `json:"far"` // of the different pairs
	FRR       rate   `json:"frr"` // of the same pairs
}

// rate is a share and its binomial standard error, both 0 of no pairs.
type rate struct {
	Value  float64 `json:"value"`
	StdErr float64 `json:"standard_error"`
}

func rateOf(k, n int) rate {
	if n == 0 {
		return rate{}
	}
	p := float64(k) / float64(n)
	return rate{p, math.Sqrt(p * (1 - p) / float64(n))}
}

// groupsOf are the groups that eval tells apart, if the file has the attributes: of
// people, and of what covers a face. notMark begins the name of those who lack one.
const notMark = "not "

var groupsOf = []string{
	"Male", notMark + "Male", "Asian", "Black", "Indian", "White",
	"Baby", "Child", "Youth", "Middle Aged", "Senior",
	"Eyeglasses", "Sunglasses", "Wearing Hat",
}

// groups divides the pairs by what the attribute file says of their images. Pairs with
// an image that it does not know are in none of the groups but the first, which is all.
func (p *pairSet) groups(a *dataset.Attributes, scores []verification.Score, threshold func(pair int) float64) []group {
	groups := []group{p.group("all", scores, threshold, func(dataset.Ref) bool { return true })}
	for _, name := range groupsOf {
		attribute, not := strings.CutPrefix(name, notMark)
		i := slices.Index(a.Names, attribute)
		if i < 0 {
			continue
		}
		groups = append(groups, p.group(name, scores, threshold, func(r dataset.Ref) bool {
			has, known := a.Has(r, i)
			return known && has != not
		}))
	}
	return groups
}

func (p *pairSet) group(name string, scores []verification.Score, threshold func(pair int) float64, in func(dataset.Ref) bool) group {
	g := group{Name: name}
	accepted, rejected := 0, 0
	for i, pair := range p.list.Pairs {
		if !in(pair.A) || !in(pair.B) {
			continue
		}
		accept := scores[i].Similarity >= threshold(i)
		if pair.Same {
			g.Same++
			if !accept {
				rejected++
			}
		} else {
			g.Different++
			if accept {
				accepted++
			}
		}
	}
	g.FAR, g.FRR = rateOf(accepted, g.Different), rateOf(rejected, g.Same)
	return g
}

// groupTable is the groups for people.
func groupTable(groups []group) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-13s %5s  %-15s  %9s  %s\n", "both are", "same", "FRR", "different", "FAR")
	for _, g := range groups {
		fmt.Fprintf(&b, "%-13s %5d  %-15s  %9d  %s\n", g.Name, g.Same, g.FRR.of(g.Same), g.Different, g.FAR.of(g.Different))
	}
	return b.String()
}

func (r rate) of(n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%.4f ± %.4f", r.Value, r.StdErr)
}
