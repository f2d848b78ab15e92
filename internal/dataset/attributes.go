package dataset

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Attributes are what a program that looks at faces says of images, such as "Male" or
// "Eyeglasses": for each image and attribute a score, above 0 if the image has it.
type Attributes struct {
	Names  []string // in the order of the file
	scores map[Ref][]float32
}

const attributesRemedy = "LFW's lfw_attributes.txt has a comment, then a line #<TAB>person<TAB>imagenum and the names of attributes, then a line an image"

// ReadAttributes reads the attribute file at path; see ParseAttributes.
func ReadAttributes(path string) (*Attributes, error) {
	f, err := openList(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ParseAttributes(f, path)
}

// ParseAttributes reads attributes in the format of LFW's lfw_attributes.txt (Kumar et
// al., "Attribute and Simile Classifiers for Face Verification", ICCV 2009), fields
// separated by tabs: a comment, the line "# person imagenum" with the names of the
// attributes after these, and a line of scores for each image. In names of people a
// space stands for the folder's underscore. The name of the file stands in errors, with
// the line.
func ParseAttributes(r io.Reader, name string) (*Attributes, error) {
	l := newListReader(r, name)
	a := &Attributes{scores: map[Ref][]float32{}}
	for a.Names == nil {
		fields, err := l.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("dataset: %s: no line with the names of attributes; %s", name, attributesRemedy)
		case err != nil:
			return nil, err
		case !strings.HasPrefix(fields[0], "#"):
			return nil, l.errorf("an image before the names of attributes; %s", attributesRemedy)
		}
		if a.Names, err = attributeNames(fields); err != nil {
			return nil, l.errorf("%v", err)
		}
	}
	for {
		fields, err := l.next()
		if errors.Is(err, io.EOF) {
			return a, nil
		} else if err != nil {
			return nil, err
		}
		ref, scores, err := parseAttributes(fields, len(a.Names))
		if err != nil {
			return nil, l.errorf("%v", err)
		}
		if _, ok := a.scores[ref]; ok {
			return nil, l.errorf("image %v a second time; remove one of the lines", ref)
		}
		a.scores[ref] = scores
	}
}

// attributeNames reads the names of a header; of another comment there are none.
func attributeNames(fields []string) ([]string, error) {
	for i, f := range fields {
		fields[i] = strings.TrimSpace(f)
	}
	if len(fields) < 4 || !slices.Equal(fields[:3], []string{"#", "person", "imagenum"}) {
		return nil, nil
	}
	names := fields[3:]
	for i, name := range names {
		if name == "" || slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("attribute %d is called %q, which is no name or that of another; correct the line", i+1, name)
		}
	}
	return names, nil
}

func parseAttributes(fields []string, n int) (Ref, []float32, error) {
	if len(fields) != 2+n {
		return Ref{}, nil, fmt.Errorf("%d fields separated by tabs where a person, a number and %d scores are due; correct the line or get the whole file", len(fields), n)
	}
	ref := Ref{Name: strings.ReplaceAll(fields[0], " ", "_")}
	if err := checkListed(ref.Name); err != nil {
		return Ref{}, nil, err
	}
	var ok bool
	if ref.Number, ok = parseCount(fields[1]); !ok {
		return Ref{}, nil, fmt.Errorf("%q is not the number of an image, which counts from 1; correct the line", fields[1])
	}
	scores := make([]float32, n)
	for i, f := range fields[2:] {
		v, err := strconv.ParseFloat(f, 32)
		if err != nil || math.IsNaN(v) {
			return Ref{}, nil, fmt.Errorf("%q is not a score; correct the line", f)
		}
		scores[i] = float32(v)
	}
	return ref, scores, nil
}

// Has reports whether an image has the attribute of the given index; known is false if
// the file does not have the image.
func (a *Attributes) Has(r Ref, attribute int) (has, known bool) {
	scores, known := a.scores[r]
	return known && scores[attribute] > 0, known
}
