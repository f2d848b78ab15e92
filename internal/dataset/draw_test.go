package dataset

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestDrawPairs(t *testing.T) {
	counts := make([]int, 60)
	for i := range counts {
		counts[i] = 1 + i%7
	}
	counts[3] = 200 // must not crowd the others out
	s := testSet(t, counts...)
	list, err := DrawPairs(s, 200, 10, 3)
	if err != nil {
		t.Fatal(err)
	}
	wantPairs(t, s, list, 200, 10)
	foldOf := map[string]int{}
	ofPerson := map[string]int{}
	for _, p := range list.Pairs {
		for _, ref := range []Ref{p.A, p.B} {
			if f, ok := foldOf[ref.Name]; ok && f != p.Fold {
				t.Fatalf("%s is in folds %d and %d", ref.Name, f, p.Fold)
			}
			foldOf[ref.Name] = p.Fold
		}
		if p.Same {
			ofPerson[p.A.Name]++
		}
	}
	if n := ofPerson[s.People[3]]; n < 1 || n > 10 {
		t.Errorf("%d of 100 same pairs are of the person with the most images", n)
	}
	again, _ := DrawPairs(s, 200, 10, 3)
	other, _ := DrawPairs(s, 200, 10, 4)
	if !reflect.DeepEqual(list, again) || reflect.DeepEqual(list, other) {
		t.Error("the pairs are not a function of the seed")
	}
}

func wantPairs(t *testing.T, s *Set, list PairList, n, folds int) {
	t.Helper()
	if list.Folds != folds || len(list.Pairs) != n {
		t.Fatalf("%d pairs in %d folds, want %d in %d", len(list.Pairs), list.Folds, n, folds)
	}
	seen := map[[2]Ref]bool{}
	for i, p := range list.Pairs {
		if p.Fold != i/(n/folds) || p.Same != (i%(n/folds) < n/folds/2) {
			t.Fatalf("pair %d is in fold %d, same %v", i, p.Fold, p.Same)
		}
		if p.Same != (p.A.Name == p.B.Name) || p.A == p.B {
			t.Fatalf("pair %v", p)
		}
		if seen[[2]Ref{p.A, p.B}] || seen[[2]Ref{p.B, p.A}] {
			t.Fatalf("pair %v is drawn twice", p)
		}
		seen[[2]Ref{p.A, p.B}] = true
		for _, ref := range []Ref{p.A, p.B} {
			if _, err := s.Index(ref); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// With fewer people than folds they are shared, and the list is as long as their
// 60 pairs of the same person allow.
func TestDrawPairsOfFewPeople(t *testing.T) {
	s := testSet(t, 6, 6, 6, 6)
	for asked, want := range map[int]int{80: 80, 120: 120, 400: 120} {
		list, err := DrawPairs(s, asked, 10, 1)
		if err != nil {
			t.Fatal(err)
		}
		wantPairs(t, s, list, want, 10)
	}
}

// Pairs of a person with thousands of images are drawn without listing all of them.
func TestDrawPairsOfManyImages(t *testing.T) {
	s := testSet(t, 4000, 4000, 3)
	list, err := DrawPairs(s, 200, 10, 1)
	if err != nil {
		t.Fatal(err)
	}
	wantPairs(t, s, list, 200, 10)
	images := make([]int, 4000)
	for i := range images {
		images[i] = i
	}
	// Listing would allocate 16 bytes for each of 8 million pairs, in some 50 pieces.
	if n := testing.AllocsPerRun(3, func() { pairsOf(images, 100, rand.New(rand.NewPCG(1, 2))) }); n > 25 {
		t.Errorf("%v allocations for 100 pairs of 4000 images", n)
	}
}

func TestDrawPairsErrors(t *testing.T) {
	_, err := DrawPairs(testSet(t, 2, 2), 30, 10, 1)
	wantError(t, err, "30 pairs do not make 10 equal folds", "a multiple of 20")
	_, err = DrawPairs(testSet(t, 1, 1, 1, 1), 20, 10, 1)
	wantError(t, err, "4 people with 4 images are too few for 10 folds")
	_, err = DrawPairs(testSet(t, 9), 2, 1, 1)
	wantError(t, err, "1 people with 9 images are too few")
}
