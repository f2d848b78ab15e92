package dataset

import (
	"bytes"
	"fmt"
	"image/png"
	"path/filepath"
	"testing"

	"github.com/sphereface-go/sphereface/internal/augment"
	"github.com/sphereface-go/sphereface/internal/face"
)

// cachedSet is a set of n crops in a cache file.
func cachedSet(t testing.TB, n int) *Set {
	t.Helper()
	drawn, root := testSet(t, n), t.TempDir()
	for i := range n {
		var b bytes.Buffer
		if err := png.Encode(&b, mustCrop(t, drawn, i).Image()); err != nil {
			t.Fatal(err)
		}
		writeTo(t, filepath.Join(root, "Ann", fmt.Sprintf("%04d.png", i)), b.Bytes())
	}
	s, err := Folder(root, 1, face.AlignFixed)
	if err != nil {
		t.Fatal(err)
	}
	cached, err := s.Cached(t.Context(), CacheOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cached.Close() })
	return cached
}

// every is all that crops vary by; usual is what costs least.
var (
	usual = augment.Options{Mirror: true, Shift: 8}
	every = augment.Options{Mirror: true, Shift: 8, Rotate: 10, Scale: 0.1, Brightness: 0.2, Contrast: 0.2, Saturation: 0.3, Grey: 0.1, Erase: 0.5}
)

// preparer is a loader with an augmentation, and storage for its batches.
func preparer(t testing.TB, s *Set, size int, o augment.Options) (*filler, Batch) {
	f := newFiller(newTestLoader(t, s, LoaderOptions{BatchSize: size, Augment: o}))
	return f, Batch{X: make([]float32, size*face.CropSize), Labels: make([]int32, size), N: size}
}

// A batch leaves nothing behind, wherever its crops come from.
func TestFillAllocatesNothing(t *testing.T) {
	cached := cachedSet(t, 8)
	held, err := testSet(t, 4, 4, 4, 4).InMemory(t.Context(), CacheOptions{})
	if err != nil {
		t.Fatal(err)
	}
	train, _, err := held.Split(0.1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Set{"cache": cached, "memory": held, "part of memory": train} {
		f, b := preparer(t, s, 8, every)
		order := f.Order(0)[:8]
		if n := testing.AllocsPerRun(10, func() {
			if err := f.fill(t.Context(), b, 0, order); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %g allocations a batch", name, n)
		}
	}
}

// BenchmarkFill is what the loader takes of one core. A step of 0.3 s has 2.3 ms
// for each of 128 images: 100 µs would be less than a twentieth of that.
func BenchmarkFill(b *testing.B) {
	const batches, size = 4, 128
	set := cachedSet(b, batches*size)
	held, err := set.InMemory(b.Context(), CacheOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		set  *Set
		o    augment.Options
	}{{"cache", set, usual}, {"memory", held, usual}, {"memory, varied", held, every}} {
		b.Run(c.name, func(b *testing.B) {
			f, batch := preparer(b, c.set, size, c.o)
			order := f.Order(0)
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if err := f.fill(b.Context(), batch, 0, order[n%batches*size:][:size]); err != nil {
					b.Fatal(err)
				}
				n++
			}
			seconds := b.Elapsed().Seconds()
			b.ReportMetric(size*float64(n)/seconds, "images/s")
			b.ReportMetric(1e6*seconds/(size*float64(n)), "µs/image")
		})
	}
}
