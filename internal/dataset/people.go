package dataset

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// PersonCount is an entry of a people list.
type PersonCount struct {
	Name   string
	Images int
	Fold   int // from 0
	Line   int // of the list, from 1
}

// PeopleList is the content of LFW's people.txt or peopleDev*.txt.
type PeopleList struct {
	Folds  int
	People []PersonCount
}

// Images returns the number of images of all people of the list.
func (l PeopleList) Images() int {
	n := 0
	for _, p := range l.People {
		n += p.Images
	}
	return n
}

const peopleRemedy = `LFW's format has a line "people" (in people.txt "folds", then "people" before each fold) and as many lines "name<TAB>images"`

// ReadPeople reads the people list at path; see ParsePeople.
func ReadPeople(path string) (PeopleList, error) {
	f, err := openList(path)
	if err != nil {
		return PeopleList{}, err
	}
	defer f.Close()
	return ParsePeople(f, path)
}

// ParsePeople reads a list of people in LFW's format: a line with the number of
// people and as many lines "name images", separated by a tab; or, as people.txt
// has it, a line with the number of folds and for each fold such a list. The
// name of the list stands in errors, with the line.
func ParsePeople(r io.Reader, name string) (PeopleList, error) {
	l := newListReader(r, name)
	header, err := l.next()
	if errors.Is(err, io.EOF) {
		return PeopleList{}, fmt.Errorf("dataset: %s: the list is empty; %s", name, peopleRemedy)
	} else if err != nil {
		return PeopleList{}, err
	}
	first, ok := parseCount(header[0])
	if !ok || len(header) != 1 {
		return PeopleList{}, l.errorf("not the header of a people list; %s", peopleRemedy)
	}
	list := PeopleList{Folds: 1}
	seen := map[string]int{}
	left := first // people left in this fold
	fields, err := l.next()
	if err == nil && len(fields) == 1 { // the header was the number of folds
		list.Folds = first
		if left, ok = parseCount(fields[0]); !ok {
			return PeopleList{}, l.errorf("not the number of people of a fold; %s", peopleRemedy)
		}
		fields, err = l.next()
	}
	for fold := 0; err == nil; fields, err = l.next() {
		if left == 0 {
			fold++
			if left, ok = parseCount(fields[0]); fold == list.Folds || len(fields) != 1 || !ok {
				return PeopleList{}, l.errorf("more people than the list announces, or not the head of a further fold; correct the numbers or the list")
			}
			continue
		}
		p, err := parsePerson(fields)
		if err != nil {
			return PeopleList{}, l.errorf("%v", err)
		}
		if other, ok := seen[p.Name]; ok {
			return PeopleList{}, l.errorf("%s stands on line %d already; remove one of them", p.Name, other)
		}
		p.Fold, p.Line = fold, l.line
		seen[p.Name] = l.line
		list.People = append(list.People, p)
		left--
	}
	if !errors.Is(err, io.EOF) {
		return PeopleList{}, err
	}
	if folds := lastFold(list) + 1; left > 0 || folds != list.Folds {
		return PeopleList{}, fmt.Errorf("dataset: %s: ends after %d people in %d of %d folds, %d short of the last number of people; get the whole file", name, len(list.People), folds, list.Folds, left)
	}
	return list, nil
}

func lastFold(l PeopleList) int {
	if len(l.People) == 0 {
		return -1
	}
	return l.People[len(l.People)-1].Fold
}

func parsePerson(fields []string) (PersonCount, error) {
	if len(fields) != 2 {
		return PersonCount{}, fmt.Errorf("%d fields separated by tabs where name<TAB>images is due; correct the line or get the whole file", len(fields))
	}
	if err := checkListed(fields[0]); err != nil {
		return PersonCount{}, err
	}
	n, ok := parseCount(fields[1])
	if !ok {
		return PersonCount{}, fmt.Errorf("%q is not a number of images; give how many the person has, from 1", fields[1])
	}
	return PersonCount{Name: fields[0], Images: n}, nil
}

// openList opens a list for reading, with an error that says what is missing.
func openList(path string) (*os.File, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("dataset: %s: %w", path, missing("no such list; check the path, or get LFW's lists"))
	} else if err != nil {
		return nil, unreadable(path, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("dataset: %s: is a directory; name the list in it", path)
	}
	return f, nil
}
