package dataset

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// Pair is two images to compare.
type Pair struct {
	A, B Ref
	Same bool // whether they show the same person
	Fold int  // from 0
}

// PairList is a list of pairs in folds, as LFW's protocol has it: every fold has
// as many pairs of the same person as of different people, and equally many as
// the other folds.
type PairList struct {
	Folds int
	Pairs []Pair // by fold, within a fold first those of the same person
}

const pairsRemedy = `LFW's format has a header "folds<TAB>pairs" or "pairs", then lines "name<TAB>n1<TAB>n2" and "name1<TAB>n1<TAB>name2<TAB>n2"`

// ReadPairs reads the pair list at path; see ParsePairs.
func ReadPairs(path string) (PairList, error) {
	f, err := openList(path)
	if err != nil {
		return PairList{}, err
	}
	defer f.Close()
	return ParsePairs(f, path)
}

// ParsePairs reads pairs in the format of LFW's pairs.txt and pairsDev*.txt,
// fields separated by tabs. The first line is "folds pairs", or "pairs" for one
// fold. Each fold then has that many lines "name n1 n2" of the same person and
// as many lines "name1 n1 name2 n2" of different people. The name of the list
// stands in errors, with the line.
func ParsePairs(r io.Reader, name string) (PairList, error) {
	l := newListReader(r, name)
	header, err := l.next()
	if errors.Is(err, io.EOF) {
		return PairList{}, fmt.Errorf("dataset: %s: the list is empty; %s", name, pairsRemedy)
	} else if err != nil {
		return PairList{}, err
	}
	folds, perFold := 1, 0
	ok := false
	switch len(header) {
	case 1:
		perFold, ok = parseCount(header[0])
	case 2:
		var okFolds bool
		folds, okFolds = parseCount(header[0])
		perFold, ok = parseCount(header[1])
		ok = ok && okFolds
	}
	if !ok || folds > maxCount/perFold {
		return PairList{}, l.errorf("not the header of a pair list; %s", pairsRemedy)
	}
	list := PairList{Folds: folds}
	for i := range 2 * folds * perFold {
		fields, err := l.next()
		if errors.Is(err, io.EOF) {
			return PairList{}, fmt.Errorf("dataset: %s: has %d pairs of the %d that its header announces (%d folds of %d + %d); get the whole file",
				name, i, 2*folds*perFold, folds, perFold, perFold)
		} else if err != nil {
			return PairList{}, err
		}
		pair, err := parsePair(fields, i/perFold%2 == 0)
		if err != nil {
			return PairList{}, l.errorf("%v", err)
		}
		pair.Fold = i / (2 * perFold)
		list.Pairs = append(list.Pairs, pair)
	}
	if _, err := l.next(); err == nil {
		return PairList{}, l.errorf("more pairs than the %d that the header announces (%d folds of %d + %d); correct the header or the list", len(list.Pairs), folds, perFold, perFold)
	} else if !errors.Is(err, io.EOF) {
		return PairList{}, err
	}
	return list, nil
}

func parsePair(fields []string, same bool) (Pair, error) {
	want := map[bool]string{true: "name<TAB>n1<TAB>n2 (the same person)", false: "name1<TAB>n1<TAB>name2<TAB>n2 (different people)"}[same]
	if same && len(fields) != 3 || !same && len(fields) != 4 {
		return Pair{}, fmt.Errorf("%d fields separated by tabs where %s is due; correct the line or get the whole file", len(fields), want)
	}
	a, b := fields[:2], []string{fields[0], fields[len(fields)-1]}
	if !same {
		b = fields[2:]
	}
	pair := Pair{Same: same}
	for i, f := range [2][]string{a, b} {
		if err := checkListed(f[0]); err != nil {
			return Pair{}, err
		}
		n, ok := parseCount(f[1])
		if !ok {
			return Pair{}, fmt.Errorf("%q is not the number of an image, which counts from 1; correct the line", f[1])
		}
		*[2]*Ref{&pair.A, &pair.B}[i] = Ref{f[0], n}
	}
	if same && pair.A == pair.B {
		return Pair{}, fmt.Errorf("image %s is paired with itself; correct the line", pair.A)
	}
	if !same && pair.A.Name == pair.B.Name {
		return Pair{}, fmt.Errorf("%s is on both sides of a pair of different people; correct the line", pair.A.Name)
	}
	return pair, nil
}

// WriteFile writes the list to path in LFW's format, which ReadPairs reads back to
// an equal list. It appears whole or not at all, and folders that are missing are
// made.
func (l PairList) WriteFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("dataset: pair list: %w", atomicfile.Advise(err))
	}
	if err := atomicfile.Write(path, l.write); err != nil {
		return fmt.Errorf("dataset: pair list: %w", err)
	}
	return nil
}

func (l PairList) write(w io.Writer) error {
	if l.Folds < 1 || len(l.Pairs) == 0 || len(l.Pairs)%(2*l.Folds) != 0 {
		return fmt.Errorf("%d pairs cannot be written as %d equal folds of as many same as different pairs", len(l.Pairs), l.Folds)
	}
	perFold := len(l.Pairs) / (2 * l.Folds)
	out := bufio.NewWriter(w)
	if l.Folds == 1 {
		fmt.Fprintf(out, "%d\n", perFold)
	} else {
		fmt.Fprintf(out, "%d\t%d\n", l.Folds, perFold)
	}
	for i, p := range l.Pairs {
		if p.Fold != i/(2*perFold) || p.Same != (i/perFold%2 == 0) {
			return fmt.Errorf("pair %d (%s, %s) is out of its place; order pairs by fold, and in each first the same person's", i, p.A, p.B)
		}
		err := cmp.Or(checkName(p.A.Name), checkName(p.B.Name))
		if err != nil {
			return err
		}
		if p.Same {
			_, err = fmt.Fprintf(out, "%s\t%d\t%d\n", p.A.Name, p.A.Number, p.B.Number)
		} else {
			_, err = fmt.Fprintf(out, "%s\t%d\t%s\t%d\n", p.A.Name, p.A.Number, p.B.Name, p.B.Number)
		}
		if err != nil {
			return err
		}
	}
	return out.Flush()
}
