package dataset

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"slices"
)

// LFW's numbers, from its authors' site.
const (
	lfwImages = 13233
	lfwPeople = 5749
	lfwSide   = 250 // of each image, in pixels
)

// lfwLists holds LFW's six lists byte for byte as its authors publish them: the
// MD5 of each is the one in torchvision's datasets/lfw.py. They are built in
// because mirrors of the images have only some of them or none.
//
//go:embed lists/lfw.zip
var lfwLists []byte

// edition is what a data set's authors publish: its numbers and lists.
type edition struct {
	images, people int
	lists          []officialList
	archive        []byte // zip of the lists
}

// officialList is one of LFW's lists with the counts that its authors give.
type officialList struct {
	name   string
	people int // of a people list
	images int
	folds  int // of a pair list
	pairs  int
}

// lfwEdition is LFW as its authors publish it.
func lfwEdition() edition {
	return edition{lfwImages, lfwPeople, []officialList{
		{name: PeopleDevTrain, people: 4038, images: 9525},
		{name: PeopleDevTest, people: 1711, images: 3708},
		{name: PeopleAll, people: lfwPeople, images: lfwImages},
		{name: PairsDevTrain, folds: 1, pairs: 2200},
		{name: PairsDevTest, folds: 1, pairs: 1000},
		{name: PairsView2, folds: 10, pairs: 6000},
	}, lfwLists}
}

// content returns the text of a list of the edition.
func (e edition) content(name string) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(e.archive), int64(len(e.archive)))
	if err != nil {
		return nil, fmt.Errorf("dataset: built-in lists of LFW: %w", err)
	}
	f, err := z.Open(name)
	if err != nil {
		return nil, fmt.Errorf("dataset: built-in lists of LFW: %w", err)
	}
	defer f.Close()
	return io.ReadAll(f)
}

// has reports whether a list of that name belongs to the edition.
func (e edition) has(name string) bool {
	return slices.ContainsFunc(e.lists, func(o officialList) bool { return o.name == name })
}

// canonical drops what editors and copying change without meaning: carriage
// returns and line ends at the end.
func canonical(list []byte) []byte {
	return bytes.TrimRight(bytes.ReplaceAll(list, []byte("\r\n"), []byte("\n")), "\n")
}
