package dataset

import (
	"bytes"
	"fmt"
	"strings"
)

// checkList adds what it finds about one list to the report.
func (r *Report) checkList(o officialList, official []byte, found inventory) {
	report := ListReport{Name: o.name, Count: "missing"}
	defer func() { r.Lists = append(r.Lists, report) }()
	data, ok := found.lists[o.name]
	if !ok {
		r.Problems = append(r.Problems, fmt.Sprintf("the list %s is missing; get it from %s, or let --fetch write it", o.name, lfwSite))
		return
	}
	report.Found = true
	check := checkPairs
	if o.people > 0 {
		check = checkPeople
	}
	count, absent, err := check(o.name, data, found)
	if err != nil {
		report.Count = "damaged"
		r.Problems = append(r.Problems, strings.TrimPrefix(err.Error(), "dataset: "))
		return
	}
	report.Count = count
	if !bytes.Equal(canonical(data), canonical(official)) {
		r.Problems = append(r.Problems, fmt.Sprintf("the list %s differs from the official one; remove it and let --fetch write it", o.name))
	}
	if len(absent) > maxProblems {
		absent = append(absent[:maxProblems], fmt.Sprintf("%s: %d more entries without their images", o.name, len(absent)-maxProblems))
	}
	r.Problems = append(r.Problems, absent...)
}

// checkPeople returns what a people list holds and which entries have other
// images than it says.
func checkPeople(name string, data []byte, found inventory) (count string, absent []string, err error) {
	list, err := ParsePeople(bytes.NewReader(data), name)
	if err != nil {
		return "", nil, err
	}
	for _, p := range list.People {
		if found.counts[p.Name] != p.Images {
			absent = append(absent, fmt.Sprintf("%s:%d: %s has %d images by the list, %d are here", name, p.Line, p.Name, p.Images, found.counts[p.Name]))
		}
	}
	return fmt.Sprintf("%d people, %d images", len(list.People), list.Images()), absent, nil
}

// checkPairs returns what a pair list holds and which of its images are absent.
func checkPairs(name string, data []byte, found inventory) (count string, absent []string, err error) {
	list, err := ParsePairs(bytes.NewReader(data), name)
	if err != nil {
		return "", nil, err
	}
	for i, p := range list.Pairs {
		for _, ref := range []Ref{p.A, p.B} {
			if !found.images[ref] {
				absent = append(absent, fmt.Sprintf("%s:%d: image %s is not here", name, i+2, ref))
			}
		}
	}
	if list.Folds == 1 {
		return fmt.Sprintf("%d pairs", len(list.Pairs)), absent, nil
	}
	return fmt.Sprintf("%d folds, %d pairs", list.Folds, len(list.Pairs)), absent, nil
}
