package dataset

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

func TestLFW(t *testing.T) {
	for _, folder := range []string{"", "lfw", "lfw-deepfunneled", "lfw_funneled/lfw"} {
		t.Run("images in "+folder, func(t *testing.T) {
			root := t.TempDir()
			miniLFW(t, root, folder)
			for _, given := range []string{root, filepath.Join(root, folder)} {
				if folder == "lfw_funneled/lfw" && given != root {
					continue // the lists are two folders up
				}
				l, err := OpenLFW(given)
				if err != nil {
					t.Fatal(err)
				}
				for split, want := range map[SplitName][]string{
					DevTrain: {"Ann_A", "Bob_B", "Cid_C"},
					DevTest:  {"Dan_D", "Eve_E"},
					Dev:      {"Ann_A", "Bob_B", "Cid_C", "Dan_D", "Eve_E"},
					All:      {"Ann_A", "Bob_B", "Cid_C", "Dan_D", "Eve_E"},
				} {
					s, err := l.Set(split, 0, face.AlignFixed)
					if err != nil {
						t.Fatal(err)
					}
					if !reflect.DeepEqual(s.People, want) {
						t.Errorf("%s: people %v, want %v", split, s.People, want)
					}
				}
			}
		})
	}
}

// Data often lies elsewhere, behind a link to it or to its images.
func TestLFWBehindALink(t *testing.T) {
	root, elsewhere := t.TempDir(), t.TempDir()
	miniLFW(t, root, "lfw-deepfunneled")
	for _, name := range []string{"", "lfw-deepfunneled"} {
		link := filepath.Join(elsewhere, "to"+name)
		if err := os.Symlink(filepath.Join(root, name), link); err != nil {
			t.Fatal(err)
		}
		l, err := OpenLFW(link)
		if err != nil {
			t.Fatal(err)
		}
		s, err := l.Set(Dev, 0, face.AlignFixed)
		if err != nil {
			t.Fatal(err)
		}
		cached, err := s.Cached(t.Context(), CacheOptions{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		sameCrops(t, cached, s)
		cached.Close()
		r, err := miniEdition(t).check(t.Context(), link)
		if !strings.Contains(r.String(), "64×64 pixels instead of 250×250") || len(r.Lists) != 6 || !r.Lists[0].Found { // the images are walked, and the lists found
			t.Errorf("%s\n%v", r, err)
		}
	}
}

func TestLFWErrors(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, root string)
		want   []string
	}{
		{"no list at all", func(t *testing.T, root string) {
			for _, o := range lfwEdition().lists {
				remove(t, filepath.Join(root, o.name))
			}
		}, []string{"LFW's lists", "--fetch", lfwSite}},
		{"list missing", func(t *testing.T, root string) { remove(t, filepath.Join(root, PeopleDevTrain)) }, []string{"peopleDevTrain.txt: no such list"}},
		{"person missing", func(t *testing.T, root string) { remove(t, filepath.Join(root, "lfw", "Bob_B")) }, []string{"peopleDevTrain.txt:3: ", "Bob_B: no folder of that name"}},
		{"image missing", func(t *testing.T, root string) { remove(t, filepath.Join(root, "lfw", "Ann_A", "Ann_A_0002.jpg")) }, []string{"peopleDevTrain.txt:2: Ann_A has 3 images by the list and 2 in "}},
		{"no image", func(t *testing.T, root string) { remove(t, filepath.Join(root, "lfw", "Cid_C", "Cid_C_0001.jpg")) }, []string{"peopleDevTrain.txt:4: ", "Cid_C: a person with no image"}},
		{"other format", func(t *testing.T, root string) {
			writeTo(t, filepath.Join(root, PeopleDevTrain), []byte("name,images\n"))
		}, []string{"peopleDevTrain.txt:1: not the header"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			miniLFW(t, root, "lfw")
			tt.change(t, root)
			l, err := OpenLFW(root)
			if err == nil {
				_, err = l.Set(DevTrain, 0, face.AlignFixed)
			}
			wantError(t, err, tt.want...)
		})
	}
	root := t.TempDir()
	miniLFW(t, root, "lfw")
	l, err := OpenLFW(root)
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Set("train", 0, face.AlignFixed)
	wantError(t, err, `LFW has no split "train"; choose dev-train, dev-test, dev, all or view2`)
	writeTo(t, filepath.Join(root, PeopleDevTest), []byte("1\nAnn_A\t3\n"))
	_, err = l.Set(Dev, 0, face.AlignFixed)
	wantError(t, err, "peopleDevTest.txt:2: Ann_A stands in another list of the same split already")
}

// A fold's people are left out, and those are the people of the fold's pairs.
func TestLFWWithoutAFold(t *testing.T) {
	root := t.TempDir()
	miniLFW(t, root, "lfw")
	l, err := OpenLFW(root)
	if err != nil {
		t.Fatal(err)
	}
	for fold, want := range [][]string{1: {"Cid_C", "Dan_D"}, 2: {"Ann_A", "Bob_B", "Eve_E"}} {
		if fold == 0 {
			continue
		}
		s, err := l.Set(View2, fold, face.AlignFixed)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(s.People, want) {
			t.Errorf("without fold %d: %v, want %v", fold, s.People, want)
		}
	}
	_, err = l.Set(View2, 3, face.AlignFixed)
	wantError(t, err, "people.txt: there is no fold 3 in a list of 2; give 1 to 2")
	_, err = l.Set(View2, 0, face.AlignFixed)
	wantError(t, err, "fold 0 of the split view2 of LFW; view2 needs one from 1 on")
	_, err = l.Set(Dev, 1, face.AlignFixed)
	wantError(t, err, "fold 1 of the split dev of LFW")
}

// In LFW's own lists nobody of a fold's pairs is in another fold: a network that was
// trained without a fold's people has seen no face of its pairs.
func TestFoldsOfLFW(t *testing.T) {
	read := func(name string) *bytes.Reader {
		data, err := lfwEdition().content(name)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.NewReader(data)
	}
	people, err := ParsePeople(read(PeopleAll), PeopleAll)
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := ParsePairs(read(PairsView2), PairsView2)
	if err != nil {
		t.Fatal(err)
	}
	fold := map[string]int{}
	for _, p := range people.People {
		fold[p.Name] = p.Fold
	}
	for _, p := range pairs.Pairs {
		for _, r := range []Ref{p.A, p.B} {
			if f, ok := fold[r.Name]; !ok || f != p.Fold {
				t.Fatalf("%s is in a pair of fold %d and in fold %d of the people", r.Name, p.Fold, f)
			}
		}
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func TestSplitTitle(t *testing.T) {
	for _, c := range []struct {
		split SplitName
		fold  int
		want  string
	}{
		{DevTrain, 0, "LFW, dev-train"},
		{View2, 10, "LFW, view2 without fold 10"},
	} {
		if got := c.split.Title(c.fold); got != c.want || !Titled(got+": 3 images") {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if Titled("folder LFW, mine") {
		t.Error("a folder of photos is taken for LFW")
	}
}
