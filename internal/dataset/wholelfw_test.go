package dataset

import (
	"bytes"
	"os"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// lfwVariable names a folder of LFW, for what needs real photos.
const lfwVariable = "SPHEREFACE_LFW"

// realLFW is every n-th image of LFW, so that about so many are taken.
func realLFW(t testing.TB, images int) *Set {
	t.Helper()
	root := os.Getenv(lfwVariable)
	if root == "" {
		t.Skip("no folder of LFW in " + lfwVariable)
	}
	l, err := OpenLFW(root)
	if err != nil {
		t.Fatal(err)
	}
	all, err := l.Set(All, 0, face.AlignDetect)
	if err != nil {
		t.Fatal(err)
	}
	step := max(1, all.Len()/images)
	s, err := all.filter(func(i int) bool { return i%step == 0 })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The crops of 500 photos are those of inference, byte for byte.
func TestCropsOfLFW(t *testing.T) {
	s := realLFW(t, 500)
	cached, err := s.Cached(t.Context(), CacheOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer cached.Close()
	without := 0
	for i, img := range cached.Images {
		align := face.AlignDetect
		if img.NoFace {
			align = face.AlignFixed
			without++
		}
		if !bytes.Equal(mustCrop(t, cached, i).Pix, inferenceCrop(t, img.Path, align).Pix) {
			t.Errorf("the crop of %s is not that of inference", img.Path)
		}
	}
	t.Logf("%d photos, %d without a face", s.Len(), without)
}

// BenchmarkAlignLFW is what making crops takes with all cores, by alignment.
func BenchmarkAlignLFW(b *testing.B) {
	s := realLFW(b, 250)
	for _, align := range face.Alignments() {
		b.Run(string(align), func(b *testing.B) {
			of := *s
			of.Align = align
			for b.Loop() {
				if _, err := of.InMemory(b.Context(), CacheOptions{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(s.Len()*b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}
