package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/sphereface-go/sphereface"
)

// faceChoice says which faces of two photos are compared: the most prominent ones if
// it is zero.
type faceChoice struct {
	number faceNumbers
	all    bool
}

// faceNumbers is the number of the face in each of two photos, counted from 1; 0 is
// the most prominent. It is the value of --face.
type faceNumbers [2]int

// Set reads a number for both photos, or one for each.
func (n *faceNumbers) Set(text string) error {
	first, second, two := strings.Cut(text, ",")
	if !two {
		second = first
	}
	for i, field := range []string{first, second} {
		v, err := strconv.Atoi(field)
		if err != nil || v < 1 {
			return errors.New("want the number of the face in both photos, or two numbers such as 2,1, counted from 1 as infer detect does")
		}
		n[i] = v
	}
	return nil
}

func (n *faceNumbers) String() string { return "" } // the default, for the help text
func (n *faceNumbers) Type() string   { return "N" }

func (c faceChoice) validate(noDetect bool) error {
	switch {
	case c.all && c.number != faceNumbers{}:
		return errors.New("--face and --all: give one of them")
	case noDetect && c != faceChoice{}:
		return errors.New("--no-detect: there is one face in a crop; leave --face and --all out")
	}
	return nil
}

// of returns the indices of the crops that are meant in photo 0 or 1.
func (c faceChoice) of(p *sphereface.Photo, photo int) ([]int, error) {
	n := max(1, c.number[photo])
	switch {
	case c.all && p.Alignment == sphereface.AlignFixed:
		return nil, fmt.Errorf("%s: --all: with alignment fixed no faces are looked for: add --alignment detect", p.Name)
	case c.all:
		all := make([]int, len(p.Crops))
		for i := range all {
			all[i] = i
		}
		return all, nil
	case n <= len(p.Crops):
		return []int{n - 1}, nil
	case len(p.Faces) == 0:
		return nil, fmt.Errorf("%s: --face: there is no face %d: with alignment %s none is looked for; see infer verify --help", p.Name, n, p.Alignment)
	}
	return nil, fmt.Errorf("%s: there is no face %d: %d found; infer detect shows them", p.Name, n, len(p.Faces))
}

// warnFixed says on standard error that a fixed frame was cut out of photos that may
// show a face anywhere, unless that was asked for.
func (o *options) warnFixed(stderr io.Writer, photos [2]*sphereface.Photo) {
	for _, p := range photos {
		if p.Alignment == sphereface.AlignFixed && o.supplied["alignment"] == "" {
			fmt.Fprintln(stderr, "infer: the model was trained on crops of a fixed frame, so no face was looked for: --alignment detect looks for one")
			return
		}
	}
}

// warn says on standard error what may be wrong with the face that was compared: that
// there are others, and that it is of poor quality.
func (o *options) warn(stderr io.Writer, p *sphereface.Photo, chosen int) {
	if len(p.Faces) == 0 {
		return
	}
	if len(p.Faces) > 1 && o.faces == (faceChoice{}) {
		fmt.Fprintf(stderr, "infer: %s: %d faces; the most prominent is compared, --face N takes another one and --all all\n", oneLine(p.Name), len(p.Faces))
	}
	if fault := poor(p.Faces[chosen-1]); fault != "" {
		fmt.Fprintf(stderr, "infer: %s: the face is %s: do not rely on the verdict\n", oneLine(p.Name), fault)
	}
}
