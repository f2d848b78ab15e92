package dataset

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/face"
)

// LFW's official lists. View 1, for development, has the people and pairs of
// DevTrain and DevTest; View 2, for figures that are reported, is PairsView2
// with ten folds of people from the same images.
const (
	PeopleAll      = "people.txt"
	PeopleDevTrain = "peopleDevTrain.txt"
	PeopleDevTest  = "peopleDevTest.txt"
	PairsDevTrain  = "pairsDevTrain.txt"
	PairsDevTest   = "pairsDevTest.txt"
	PairsView2     = "pairs.txt"
)

// SplitName names the people of LFW to train on.
type SplitName string

const (
	DevTrain SplitName = "dev-train" // View 1's training people
	DevTest  SplitName = "dev-test"  // View 1's test people
	Dev      SplitName = "dev"       // both
	All      SplitName = "all"       // people.txt, which is the same people as Dev
	View2    SplitName = "view2"     // all but the people of one of View 2's folds
)

// Title is what a training on the split says of its data: "LFW, view2 without fold 3".
// fold is 0 but for View2.
func (s SplitName) Title(fold int) string {
	if fold == 0 {
		return titled + string(s)
	}
	return fmt.Sprintf("%s%s without fold %d", titled, s, fold)
}

// Titled tells whether the words are a title of some split of LFW, or begin with one.
func Titled(data string) bool { return strings.HasPrefix(data, titled) }

const titled = "LFW, "

// LFW is a folder of Labeled Faces in the Wild with its lists (Huang, Ramesh,
// Berg, Learned-Miller, "Labeled Faces in the Wild: A Database for Studying Face
// Recognition in Unconstrained Environments", 2007).
type LFW struct {
	Images string // the folder that holds the folders of people
	Lists  string // the folder that holds the lists
}

// OpenLFW finds the images and lists under root: the images in root itself or in
// its subfolder lfw-deepfunneled, lfw-funneled or lfw, the lists beside them.
func OpenLFW(root string) (*LFW, error) {
	if info, err := os.Stat(root); err == nil && !info.IsDir() {
		return nil, notAFolder(root)
	}
	images, err := imageRoot(root)
	if err != nil {
		return nil, err
	}
	for _, dir := range listCandidates(root, images) {
		for _, list := range []string{PeopleDevTrain, PairsDevTest, PairsView2, PeopleAll} {
			if _, err := os.Stat(filepath.Join(dir, list)); err == nil {
				return &LFW{Images: images, Lists: dir}, nil
			}
		}
	}
	return nil, fmt.Errorf("dataset: %s: LFW's lists (%s and others) are neither in it nor beside its images; run the data command with --fetch, which writes them, or get them from %s", root, PeopleDevTrain, lfwSite)
}

// listCandidates returns the folders where the lists may lie: that above the
// images is another one where the images are reached by a symbolic link.
func listCandidates(root, images string) []string {
	folders := []string{root, images, filepath.Join(images, "..")}
	if target, err := filepath.EvalSymlinks(images); err == nil {
		folders = append(folders, filepath.Join(target, ".."))
	}
	return folders
}

// Set returns the people of a split with all their images, which must be as
// many as the list says. fold is the one of View 2 whose people are left out, counted
// from 1; 0 for the other splits.
func (l *LFW) Set(split SplitName, fold int, align face.Alignment) (*Set, error) {
	lists := map[SplitName][]string{
		DevTrain: {PeopleDevTrain}, DevTest: {PeopleDevTest}, Dev: {PeopleDevTrain, PeopleDevTest}, All: {PeopleAll}, View2: {PeopleAll},
	}[split]
	if lists == nil {
		return nil, fmt.Errorf("dataset: LFW has no split %q; choose %s, %s, %s, %s or %s", string(split), DevTrain, DevTest, Dev, All, View2)
	}
	if (fold != 0) != (split == View2) {
		return nil, fmt.Errorf("dataset: fold %d of the split %s of LFW; %s needs one from 1 on, and the others none", fold, split, View2)
	}
	images := map[string][]Image{}
	for _, list := range lists {
		if err := l.people(list, fold, images); err != nil {
			return nil, err
		}
	}
	var people []string
	for name := range images {
		people = append(people, name)
	}
	slices.SortFunc(people, strings.Compare)
	var all []Image
	for label, name := range people {
		for _, img := range images[name] {
			img.Person = label
			all = append(all, img)
		}
	}
	return photoSet(people, all, align)
}

// people adds the images of a list's people, but for those of a fold.
func (l *LFW) people(list string, but int, images map[string][]Image) error {
	path := filepath.Join(l.Lists, list)
	people, err := ReadPeople(path)
	if err != nil {
		return err
	}
	if but > people.Folds {
		return fmt.Errorf("dataset: %s: there is no fold %d in a list of %d; give 1 to %d", path, but, people.Folds, people.Folds)
	}
	for _, p := range people.People {
		if p.Fold == but-1 {
			continue
		}
		found, err := personImages(l.Images, p.Name)
		if err != nil {
			return fmt.Errorf("dataset: %s:%d: %w", path, p.Line, trimPackage(err))
		}
		if len(found) != p.Images {
			return fmt.Errorf("dataset: %s:%d: %s has %d images by the list and %d in %s; get the images again",
				path, p.Line, p.Name, p.Images, len(found), filepath.Join(l.Images, p.Name))
		}
		if _, ok := images[p.Name]; ok {
			return fmt.Errorf("dataset: %s:%d: %s stands in another list of the same split already; get the lists again", path, p.Line, p.Name)
		}
		images[p.Name] = found
	}
	return nil
}

// trimPackage drops this package's prefix from an error that gets it anew.
func trimPackage(err error) error {
	return &trimmed{err}
}

type trimmed struct{ err error }

func (t *trimmed) Error() string { return strings.TrimPrefix(t.err.Error(), "dataset: ") }
func (t *trimmed) Unwrap() error { return errors.Unwrap(t.err) }

// lfwSite is where LFW is described and offered by its authors.
const lfwSite = "http://vis-www.cs.umass.edu/lfw/"
