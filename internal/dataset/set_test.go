package dataset

import (
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

func TestNewSetErrors(t *testing.T) {
	crop := func(int) (face.Crop, error) { return face.NewCrop(), nil }
	people := []string{"Ann", "Bob"}
	for _, tt := range []struct {
		name   string
		people []string
		images []Image
		want   string
	}{
		{"order", people, []Image{{Person: 1, Number: 1}, {Person: 0, Number: 1}}, "image 0 is of person 1 after person -1"},
		{"label", people, []Image{{Person: 0, Number: 1}, {Person: 2, Number: 1}}, "image 1 is of person 2"},
		{"nobody", people, []Image{{Person: 0, Number: 1}}, "person Bob has no image"},
		{"number", people, []Image{{Person: 0}, {Person: 1, Number: 1}}, "image 0 of Ann has number 0"},
		{"twice", people, []Image{{Person: 0, Number: 1}, {Person: 0, Number: 1}, {Person: 1, Number: 1}}, "images 0 and 1 are both Ann_0001"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewSet(tt.people, tt.images, crop)
			wantError(t, err, tt.want)
		})
	}
}

func TestSetRefAndIndex(t *testing.T) {
	s := testSet(t, 2, 3)
	for i := range s.Len() {
		if got, err := s.Index(s.Ref(i)); err != nil || got != i {
			t.Errorf("image %d has name %s, which is image %d (%v)", i, s.Ref(i), got, err)
		}
	}
	_, err := s.Index(Ref{"PAa", 3})
	wantError(t, err, "image PAa_0003 is not in the set")
}

func TestGenerated(t *testing.T) {
	want := errors.New("asked")
	var person, image int
	s, err := Generated([]string{"Ann", "Bob", "Cid"}, 4, func(p, n int) (face.Crop, error) {
		person, image = p, n
		return face.Crop{}, want
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Crop(6); !errors.Is(err, want) || person != 1 || image != 2 || s.Ref(6) != (Ref{"Bob", 3}) {
		t.Errorf("image 6 is %s, drawn as person %d image %d (%v)", s.Ref(6), person, image, err)
	}
	if cached, err := s.Cached(t.Context(), CacheOptions{Dir: t.TempDir()}); err != nil || cached != s {
		t.Errorf("generated faces are cached (%v)", err)
	}
}

func TestSplit(t *testing.T) {
	s := testSet(t, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	train, held, err := s.Split(0.3, 5)
	if err != nil {
		t.Fatal(err)
	}
	if len(held.People) != 3 || len(train.People) != 7 || train.Len()+held.Len() != s.Len() {
		t.Errorf("%d people held out with %d images, %d left with %d", len(held.People), held.Len(), len(train.People), train.Len())
	}
	all := slices.Sorted(slices.Values(slices.Concat(train.People, held.People)))
	if !reflect.DeepEqual(all, s.People) {
		t.Errorf("people %v and %v are not those of the set", train.People, held.People)
	}
	for _, part := range []*Set{train, held} {
		for i := range part.Len() {
			source, err := s.Index(part.Ref(i))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := mustCrop(t, part, i), mustCrop(t, s, source); string(got.Pix) != string(want.Pix) {
				t.Fatalf("%s has the crop of another image", part.Ref(i))
			}
		}
	}
	s.LeftOut = 7
	_, again, _ := s.Split(0.3, 5)
	if again.LeftOut != 7 {
		t.Errorf("%d people left out of the source, want 7", again.LeftOut)
	}
	_, other, _ := s.Split(0.3, 6)
	if !reflect.DeepEqual(again.People, held.People) || reflect.DeepEqual(other.People, held.People) {
		t.Errorf("held out: seed 5 %v and %v, seed 6 %v", held.People, again.People, other.People)
	}
}

func TestSplitBounds(t *testing.T) {
	s := testSet(t, 1, 2, 3, 4, 5)
	train, held, err := s.Split(0, 1)
	if err != nil || held.Len() != 0 || train.Len() != s.Len() {
		t.Errorf("nobody held out: %v", err)
	}
	for share, want := range map[float64]int{0.01: 2, 0.99: 3} {
		if _, held, err := s.Split(share, 1); err != nil || len(held.People) != want {
			t.Errorf("share %g holds %d people out (%v), want %d", share, len(held.People), err, want)
		}
	}
	_, _, err = s.Split(1, 1)
	wantError(t, err, "share of people held out is 1")
	_, _, err = testSet(t, 2, 2, 2).Split(0.5, 1)
	wantError(t, err, "3 people are too few to hold some out")
}

func mustCrop(t testing.TB, s *Set, i int) face.Crop {
	t.Helper()
	crop, err := s.Crop(i)
	if err != nil {
		t.Fatal(err)
	}
	return crop
}
