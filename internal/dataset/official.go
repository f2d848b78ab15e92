package dataset

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
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

// officialList is one of LFW's lists with the counts that its authors give.
type officialList struct {
	name   string
	people int // of a people list
	images int
	folds  int // of a pair list
	pairs  int
}

func officialLists() []officialList {
	return []officialList{
		{name: PeopleDevTrain, people: 4038, images: 9525},
		{name: PeopleDevTest, people: 1711, images: 3708},
		{name: PeopleAll, people: lfwPeople, images: lfwImages},
		{name: PairsDevTrain, folds: 1, pairs: 2200},
		{name: PairsDevTest, folds: 1, pairs: 1000},
		{name: PairsView2, folds: 10, pairs: 6000},
	}
}

// content returns the official content of the list.
func (o officialList) content() ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(lfwLists), int64(len(lfwLists)))
	if err != nil {
		return nil, fmt.Errorf("dataset: built-in lists of LFW: %w", err)
	}
	f, err := z.Open(o.name)
	if err != nil {
		return nil, fmt.Errorf("dataset: built-in lists of LFW: %w", err)
	}
	defer f.Close()
	return io.ReadAll(f)
}

// canonical drops what editors and copying change without meaning: carriage
// returns and line ends at the end.
func canonical(list []byte) []byte {
	return bytes.TrimRight(bytes.ReplaceAll(list, []byte("\r\n"), []byte("\n")), "\n")
}
