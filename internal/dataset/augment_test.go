package dataset

import "testing"

func TestDrawAugmentation(t *testing.T) {
	const n = 20000
	mirrored := 0
	var dx, dy [9]int
	for i := range n {
		a := DrawAugmentation(7, i/100, i%100, true, 4)
		if a != DrawAugmentation(7, i/100, i%100, true, 4) {
			t.Fatal("not a function of its arguments")
		}
		if a.Mirror {
			mirrored++
		}
		dx[a.DX+4]++
		dy[a.DY+4]++
		if off := DrawAugmentation(7, i/100, i%100, true, 0); off != (Augmentation{Mirror: a.Mirror}) {
			t.Fatalf("without shifts %v, with them %v", off, a)
		}
		if off := DrawAugmentation(7, i/100, i%100, false, 4); off != (Augmentation{DX: a.DX, DY: a.DY}) {
			t.Fatalf("without mirroring %v, with it %v", off, a)
		}
	}
	// Five standard deviations of a binomial of 20,000: 354 for one half, 222 for
	// one ninth.
	if mirrored < n/2-354 || mirrored > n/2+354 {
		t.Errorf("%d of %d mirrored", mirrored, n)
	}
	for i := range 9 {
		for _, count := range []int{dx[i], dy[i]} {
			if count < n/9-222 || count > n/9+222 {
				t.Errorf("shift by %d: %d of %d", i-4, count, n)
			}
		}
	}
}

// The same image is changed another way in another epoch, and by another seed.
func TestDrawAugmentationVaries(t *testing.T) {
	base := DrawAugmentation(1, 2, 3, true, 48)
	same := 0
	for i := range 100 {
		for _, other := range []Augmentation{
			DrawAugmentation(uint64(i+2), 2, 3, true, 48), DrawAugmentation(1, i+3, 3, true, 48), DrawAugmentation(1, 2, i+4, true, 48),
		} {
			if other == base {
				same++
			}
		}
	}
	if same > 3 { // of 300, each with probability 1/18,818
		t.Errorf("%d of 300 are equal", same)
	}
}
