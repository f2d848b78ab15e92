package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sphereface-go/sphereface"
)

// facePair is a face of photo A and one of photo B, counted from 1.
type facePair struct {
	A, B int
	sphereface.Verdict
}

// MarshalJSON leaves out the threshold, which is that of all pairs.
func (p facePair) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		A          int     `json:"a"`
		B          int     `json:"b"`
		Similarity float64 `json:"similarity"`
		Verified   bool    `json:"verified"`
	}{p.A, p.B, p.Similarity, p.Same})
}

// facePairs are the pairs that were compared, of which there is at least one.
type facePairs []facePair

// best is the most similar pair, the first of several.
func (pairs facePairs) best() facePair {
	best := pairs[0]
	for _, p := range pairs[1:] {
		if p.Similarity > best.Similarity {
			best = p
		}
	}
	return best
}

// String is a table with a line a pair; nothing if there are no pairs.
func (pairs facePairs) String() string {
	if len(pairs) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("face of A  face of B  similarity\n")
	for _, p := range pairs {
		verdict := "different people"
		if p.Same {
			verdict = "same person"
		}
		fmt.Fprintf(&b, "%-9d  %-9d  %10.4f  %s\n", p.A, p.B, p.Similarity, verdict)
	}
	return b.String()
}
