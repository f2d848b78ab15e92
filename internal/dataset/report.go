package dataset

import (
	"fmt"
	"strings"
)

// Report is what CheckLFW found.
type Report struct {
	Root       string       // the folder or archive that was checked
	People     int          // with at least one image
	Images     int          // whole JPEG files of 250×250 pixels
	WantPeople int          // as LFW's authors publish it
	WantImages int          // as LFW's authors publish it
	Lists      []ListReport // LFW's six lists, in a fixed order
	Problems   []string     // empty if all is as LFW's authors publish it
	// Archive is, if an archive was checked, the name that it needs for FetchLFW to
	// unpack it in its folder, mostly its own; "" for a folder.
	Archive string
}

// ListReport is one list that CheckLFW looked for.
type ListReport struct {
	Name  string
	Found bool
	Count string // "4038 people, 9525 images" or "10 folds, 6000 pairs"
}

// maxProblems bounds the problems that a report lists of each kind.
const maxProblems = 10

// String returns the report for people to read, a line for each count, list and
// problem.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "LFW in %s\n", r.Root)
	fmt.Fprintf(&b, "  images              %d of %d\n", r.Images, r.WantImages)
	fmt.Fprintf(&b, "  people              %d of %d\n", r.People, r.WantPeople)
	for _, l := range r.Lists {
		fmt.Fprintf(&b, "  %-19s %s\n", l.Name, l.Count)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "  problem: %s\n", p)
	}
	return b.String()
}
