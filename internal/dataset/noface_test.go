package dataset

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// mixedSet is a set of portraits and of photos without a face: Ann has two
// portraits and another photo between them, Bob none, Cid one.
func mixedSet(t *testing.T, align face.Alignment) *Set {
	t.Helper()
	portrait, err := os.ReadFile("../../testdata/faces/astronaut.jpg")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for name, data := range map[string][]byte{
		"Ann/Ann_0001": portrait, "Ann/Ann_0002": photo(t, 250, 250, 1), "Ann/Ann_0003": portrait,
		"Bob/Bob_0001": photo(t, 250, 250, 2), "Bob/Bob_0002": photo(t, 120, 90, 3), "Cid/Cid_0001": portrait,
	} {
		writeTo(t, filepath.Join(root, name+".jpg"), data)
	}
	s, err := Folder(root, 1, align)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func noFace(s *Set) []string {
	var refs []string
	for i, img := range s.Images {
		if img.NoFace {
			refs = append(refs, s.Ref(i).String())
		}
	}
	return refs
}

// Crops of training are those of inference, byte for byte, or those of the fixed
// frame where there is no face; the cache and the memory agree, and the cache
// knows which is which when it is read again.
func TestPhotosWithoutAFace(t *testing.T) {
	dir := t.TempDir()
	s := mixedSet(t, face.AlignDetect)
	for range 2 {
		cached, err := s.Cached(t.Context(), CacheOptions{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer cached.Close()
		memory, err := s.InMemory(t.Context(), CacheOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for name, set := range map[string]*Set{"cache": cached, "memory": memory} {
			if got, want := noFace(set), []string{"Ann_0002", "Bob_0001", "Bob_0002"}; !slices.Equal(got, want) {
				t.Errorf("%s: no face in %v, want %v", name, got, want)
			}
			for i, img := range set.Images {
				align := face.AlignDetect
				if img.NoFace {
					align = face.AlignFixed
				}
				if !bytes.Equal(mustCrop(t, set, i).Pix, inferenceCrop(t, img.Path, align).Pix) {
					t.Errorf("%s: the crop of %s is not that of inference", name, set.Ref(i))
				}
			}
		}
	}
	// Another alignment has other crops, and no photo without a face.
	fixed := *s
	fixed.Align = face.AlignFixed
	cached, err := fixed.Cached(t.Context(), CacheOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer cached.Close()
	if refs := noFace(cached); refs != nil {
		t.Errorf("the fixed frame misses a face in %v", refs)
	}
	if !bytes.Equal(mustCrop(t, cached, 0).Pix, inferenceCrop(t, s.Images[0].Path, face.AlignFixed).Pix) {
		t.Error("the crop of another alignment")
	}
}

// inferenceCrop is made with nothing but what inference uses.
func inferenceCrop(t testing.TB, path string, align face.Alignment) face.Crop {
	t.Helper()
	img, err := face.ReadFile(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	framing, err := align.Frame(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	crop, err := face.Cut(t.Context(), img, framing.Transform)
	if err != nil {
		t.Fatal(err)
	}
	return crop
}

func TestWithFaces(t *testing.T) {
	s, err := mixedSet(t, face.AlignDetect).InMemory(t.Context(), CacheOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		minImages, leftOut int
		want               string
	}{
		{1, 1, "[Ann Cid] Ann_0001 Ann_0003 Cid_0001"},
		{2, 2, "[Ann] Ann_0001 Ann_0003"},
		{3, 3, "[]"},
	} {
		kept, err := s.WithFaces(tt.minImages)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(kept.People)
		for i := range kept.Len() {
			got += " " + kept.Ref(i).String()
			source, _ := s.Index(kept.Ref(i))
			if !bytes.Equal(mustCrop(t, kept, i).Pix, mustCrop(t, s, source).Pix) {
				t.Errorf("%s has the crop of another image", kept.Ref(i))
			}
		}
		if got != tt.want || kept.LeftOut != tt.leftOut {
			t.Errorf("at least %d: %s, %d left out, want %s, %d", tt.minImages, got, kept.LeftOut, tt.want, tt.leftOut)
		}
	}
}

func TestAtLeast(t *testing.T) {
	s := testSet(t, 1, 3, 2)
	s.LeftOut = 4
	for images, want := range map[int]string{1: "[PAa PAb PAc] 4", 2: "[PAb PAc] 5", 3: "[PAb] 6", 4: "[] 7"} {
		kept, err := s.AtLeast(images)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(kept.People, kept.LeftOut); got != want {
			t.Errorf("at least %d: %s, want %s", images, got, want)
		}
	}
}
