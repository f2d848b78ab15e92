package dataset

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/sphereface-go/sphereface/internal/augment"
	"github.com/sphereface-go/sphereface/internal/face"
)

func newTestLoader(t testing.TB, s *Set, o LoaderOptions) *Loader {
	t.Helper()
	l, err := NewLoader(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// copies collects the batches of an epoch, copied.
func copies(t testing.TB, l *Loader, epoch, first int) []Batch {
	t.Helper()
	var list []Batch
	for b, err := range l.Epoch(t.Context(), epoch, first) {
		if err != nil {
			t.Fatal(err)
		}
		b.X, b.Labels = slices.Clone(b.X), slices.Clone(b.Labels)
		list = append(list, b)
	}
	return list
}

func sameBatches(t *testing.T, got, want []Batch) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d batches, want %d", len(got), len(want))
	}
	for i := range got {
		g, w := got[i], want[i]
		if g.Index != w.Index || g.N != w.N || !slices.Equal(g.Labels, w.Labels) || !slices.Equal(g.X, w.X) {
			t.Fatalf("batch %d (index %d) differs from batch with index %d", i, g.Index, w.Index)
		}
	}
}

func TestLoaderGivesTheImages(t *testing.T) {
	s := testSet(t, 3, 4, 5, 6)
	o := LoaderOptions{BatchSize: 4, Seed: 3, Augment: augment.Options{Mirror: true, Shift: 5, Rotate: 10, Erase: 0.5}}
	l := newTestLoader(t, s, o)
	if l.Batches() != 4 {
		t.Fatalf("%d batches, want 4", l.Batches())
	}
	order := l.Order(2)
	if sorted := slices.Sorted(slices.Values(order)); sorted[0] != 0 || sorted[17] != 17 || len(slices.Compact(sorted)) != 18 {
		t.Fatalf("order %v", order)
	}
	if slices.Equal(order, l.Order(3)) {
		t.Error("two epochs have the same order")
	}
	want := make([]float32, face.CropSize)
	for _, b := range copies(t, l, 2, 0) {
		if b.N != 4 || len(b.X) != 4*face.CropSize || len(b.Labels) != 4 {
			t.Fatalf("batch of %d images, %d values, %d labels", b.N, len(b.X), len(b.Labels))
		}
		for k := range 4 {
			i := order[4*b.Index+k]
			l.Change(2, i).Tensor(want, mustCrop(t, s, i))
			if !slices.Equal(b.X[k*face.CropSize:][:face.CropSize], want) || int(b.Labels[k]) != s.Images[i].Person {
				t.Fatalf("batch %d, image %d is not image %d of the set, augmented", b.Index, k, i)
			}
		}
	}
}

func TestLoaderDoesNotDependOnWorkers(t *testing.T) {
	s := testSet(t, 10, 10, 10)
	var want []Batch
	for _, workers := range []int{1, 2, 3, 8} {
		l := newTestLoader(t, s, LoaderOptions{BatchSize: 3, Seed: 1, Augment: augment.Options{Mirror: true, Shift: 3}, Workers: workers})
		got := copies(t, l, 0, 0)
		if want == nil {
			want = got
		}
		sameBatches(t, got, want)
	}
}

func TestLoaderResumes(t *testing.T) {
	s := testSet(t, 10, 10, 10)
	l := newTestLoader(t, s, LoaderOptions{BatchSize: 4, Seed: 1, Augment: augment.Options{Mirror: true, Shift: 3}})
	whole := copies(t, l, 5, 0)
	for first := range l.Batches() + 1 {
		resumed := newTestLoader(t, s, LoaderOptions{BatchSize: 4, Seed: 1, Augment: augment.Options{Mirror: true, Shift: 3}})
		sameBatches(t, copies(t, resumed, 5, first), whole[first:])
	}
}

// settled waits until no more goroutines run than before.
func settled(t *testing.T, before int) {
	t.Helper()
	for range 200 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("%d goroutines run, %d before", runtime.NumGoroutine(), before)
}

func TestLoaderStopsWithTheLoop(t *testing.T) {
	before := runtime.NumGoroutine()
	l := newTestLoader(t, testSet(t, 40, 40), LoaderOptions{BatchSize: 2, Workers: 4})
	for stop := range 6 {
		n := 0
		for _, err := range l.Epoch(t.Context(), 0, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n > stop {
				break
			}
		}
	}
	settled(t, before)
}

// However an epoch ends, the next has its storage.
func TestLoaderKeepsItsStorage(t *testing.T) {
	l := newTestLoader(t, testSet(t, 20, 20), LoaderOptions{BatchSize: 4, Workers: 3})
	var kept map[*float32]bool
	for stop := range 12 {
		n := 0
		for _, err := range l.Epoch(t.Context(), stop, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n > stop {
				break
			}
		}
		now := map[*float32]bool{}
		for _, b := range l.storage.free {
			now[&b.X[0]] = true
		}
		if len(now) != 4 || kept != nil && !maps.Equal(now, kept) {
			t.Fatalf("after %d batches the storage is %v, before %v", n, now, kept)
		}
		kept = now
	}
}

func TestLoaderIsCancelled(t *testing.T) {
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	l := newTestLoader(t, testSet(t, 40, 40), LoaderOptions{BatchSize: 2, Workers: 3})
	n := 0
	var last error
	for _, err := range l.Epoch(ctx, 0, 0) {
		if last != nil {
			t.Fatal("the loop goes on after an error")
		}
		if last = err; err != nil {
			continue
		}
		if n++; n == 3 {
			cancel()
		}
	}
	if n != 3 || !errors.Is(last, context.Canceled) {
		t.Errorf("%d batches, then %v", n, last)
	}
	settled(t, before)
}

func TestLoaderReportsABadImage(t *testing.T) {
	before := runtime.NumGoroutine()
	good := testSet(t, 20, 20)
	bad := errors.New("dataset: Ann_0007 is damaged")
	l := newTestLoader(t, good, LoaderOptions{BatchSize: 4, Workers: 2})
	at := l.Order(0)[13] // in the fourth batch
	s, err := NewSet(good.People, good.Images, func(i int) (face.Crop, error) {
		if i == at {
			return face.Crop{}, bad
		}
		return good.Crop(i)
	})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	var last error
	for _, err := range newTestLoader(t, s, LoaderOptions{BatchSize: 4, Workers: 2}).Epoch(t.Context(), 0, 0) {
		if last = err; err == nil {
			n++
		}
	}
	if n != 3 || !errors.Is(last, bad) {
		t.Errorf("%d batches, then %v; want 3 and the bad image", n, last)
	}
	settled(t, before)
}

func TestNewLoaderErrors(t *testing.T) {
	s := testSet(t, 5)
	for want, o := range map[string]LoaderOptions{
		"a batch of 0 images":                       {},
		"a batch of 6 images is more than the 5":    {BatchSize: 6},
		"shift of 49 pixels; give 0 to 48":          {BatchSize: 1, Augment: augment.Options{Shift: 49}},
		"-1 loader workers; give 0 for the default": {BatchSize: 1, Workers: -1},
	} {
		_, err := NewLoader(s, o)
		wantError(t, err, want)
	}
}

// BenchmarkLoader is an epoch of four batches on all cores, for a consumer that
// does nothing.
func BenchmarkLoader(b *testing.B) {
	l := newTestLoader(b, cachedSet(b, 512), LoaderOptions{BatchSize: 128, Augment: augment.Options{Mirror: true, Shift: 8}})
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range l.Epoch(b.Context(), 0, 0) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(512*float64(b.N)/b.Elapsed().Seconds(), "images/s")
}
