package dataset

import (
	"path/filepath"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// cachedSet is a set of n crops of noise in a cache file, without photos.
func cachedSet(t testing.TB, n int) *Set {
	t.Helper()
	s := testSet(t, n)
	s.Align = face.AlignFixed
	for i := range s.Images {
		s.Images[i].Path = filepath.Join(t.TempDir(), "photo")
		writeTo(t, s.Images[i].Path, nil)
	}
	cached, err := s.Cached(t.Context(), CacheOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cached.Close() })
	return cached
}

func BenchmarkFill(b *testing.B) {
	s := cachedSet(b, 512)
	l := newTestLoader(b, s, LoaderOptions{BatchSize: 128, Mirror: true, Shift: 8})
	order := l.Order(0)
	batch := Batch{X: make([]float32, 128*face.CropSize), Labels: make([]int32, 128)}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if err := l.fill(b.Context(), batch, 0, order[n%4*128:][:128]); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric(128*float64(b.N)/b.Elapsed().Seconds(), "images/s")
}
