package dataset

import (
	"reflect"
	"strings"
	"testing"
)

func TestParsePeople(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want PeopleList
	}{
		"one fold": {"2\nAnn_A\t3\nBob\t1\n", PeopleList{1, []PersonCount{{"Ann_A", 3, 0, 2}, {"Bob", 1, 0, 3}}}},
		"folds": {"2\r\n1\r\nAnn_A\t3\r\n2\r\nBob\t1\r\nCid\t2", PeopleList{2, []PersonCount{
			{"Ann_A", 3, 0, 3}, {"Bob", 1, 1, 5}, {"Cid", 2, 1, 6},
		}}},
	} {
		got, err := ParsePeople(strings.NewReader(tt.text), "people.txt")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}

func TestParsePeopleErrors(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "people.txt: the list is empty"},
		{"names", "Ann\nBob\n", "people.txt:1: not the header of a people list; LFW's format has"},
		{"pair list", "10\t300\n", "people.txt:1: not the header"},
		{"pairs of a fold", "1\nAnn\t1\t2\n", "people.txt:2: 3 fields separated by tabs where name<TAB>images is due; correct the line or get the whole file"},
		{"count", "1\nAnn\tmany\n", `people.txt:2: "many" is not a number of images; give how many the person has, from 1`},
		{"no image", "1\nAnn\t0\n", `people.txt:2: "0" is not a number of images`},
		{"way out", "1\na/b\t1\n", "people.txt:2: the name \"a/b\" holds a path separator"},
		{"twice", "2\nAnn\t1\nAnn\t1\n", "people.txt:3: Ann stands on line 2 already"},
		{"short", "3\nAnn\t1\n", "people.txt: ends after 1 people in 1 of 1 folds, 2 short"},
		{"header alone", "3\n", "people.txt: ends after 0 people"},
		{"long", "1\nAnn\t1\nBob\t1\n", "people.txt:3: more people than the list announces"},
		{"fold missing", "2\n1\nAnn\t1\n", "people.txt: ends after 1 people in 1 of 2 folds"},
		{"fold short", "2\n1\nAnn\t1\n2\nBob\t1\n", "people.txt: ends after 2 people in 2 of 2 folds, 1 short"},
		{"fold too many", "1\n1\nAnn\t1\n1\nBob\t1\n", "people.txt:4: more people than the list announces"},
		{"fold count", "2\nx\n", "people.txt:2: not the number of people of a fold"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParsePeople(strings.NewReader(tt.text), "people.txt")
			wantError(t, err, tt.want)
		})
	}
}

func FuzzParsePeople(f *testing.F) {
	f.Add("2\nAnn_A\t3\nBob\t1\n")
	f.Add("2\r\n1\r\nAnn_A\t3\r\n2\r\nBob\t1\r\nCid\t2")
	f.Add("3\n1\n1\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParsePeople(strings.NewReader(text), "list")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "dataset: list:") || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is not one line that names the list", err)
			}
			return
		}
		if len(list.People) == 0 || list.Images() < len(list.People) || lastFold(list)+1 != list.Folds {
			t.Errorf("accepted %v", list)
		}
	})
}

// The built-in lists have the numbers that LFW's authors give.
func TestOfficialLists(t *testing.T) {
	for _, o := range lfwEdition().lists {
		data, err := lfwEdition().content(o.name)
		if err != nil {
			t.Fatal(err)
		}
		if o.people > 0 {
			list, err := ParsePeople(strings.NewReader(string(data)), o.name)
			if err != nil || len(list.People) != o.people || list.Images() != o.images {
				t.Errorf("%s: %d people, %d images, %v", o.name, len(list.People), list.Images(), err)
			}
			continue
		}
		list, err := ParsePairs(strings.NewReader(string(data)), o.name)
		if err != nil || list.Folds != o.folds || len(list.Pairs) != o.pairs {
			t.Errorf("%s: %d folds, %d pairs, %v", o.name, list.Folds, len(list.Pairs), err)
		}
	}
}
