package trainer

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/dataset"
)

const portrait = "../../testdata/faces/astronaut.jpg"

// photoTree is a folder of people with photos: + is a portrait, - is one without a
// face.
func photoTree(t *testing.T, people map[string]string) string {
	t.Helper()
	root := t.TempDir()
	face, err := os.ReadFile(portrait)
	if err != nil {
		t.Fatal(err)
	}
	for name, photos := range people {
		folder := filepath.Join(root, name)
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for i, kind := range photos {
			path := filepath.Join(folder, fmt.Sprintf("%s_%04d.jpg", name, i+1))
			if kind == '+' {
				err = os.WriteFile(path, face, 0o644)
			} else {
				err = writeWall(path)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

// writeWall writes a photo of a wall in the evening sun, as a PNG whatever its name
// is.
func writeWall(path string) error {
	img := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for y := range 64 {
		for x := range 64 {
			img.Set(x, y, color.RGBA{uint8(120 + x), uint8(100 + y), 90, 255})
		}
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return png.Encode(f, img)
}

// refs names the images of a set.
func refs(s *dataset.Set) string {
	var names []string
	for i := range s.Len() {
		names = append(names, s.Ref(i).String())
	}
	return strings.Join(names, " ")
}

func TestPhotosWithoutAFace(t *testing.T) {
	root := photoTree(t, map[string]string{"Ann": "+-+", "Bob": "--", "Cid": "+", "Dan": "+-"})
	const all = "Ann_0001 Ann_0002 Ann_0003 Bob_0001 Bob_0002 Cid_0001 Dan_0001 Dan_0002"
	for _, tt := range []struct {
		settings string
		want     string
		leftOut  int
		none     int // photos without a face
	}{
		{"align: detect", "Ann_0001 Ann_0003 Cid_0001 Dan_0001", 1, 4},
		{"align: detect, no_face: skip, min_images: 2", "Ann_0001 Ann_0003", 3, 4},
		{"align: detect, no_face: fixed", all, 0, 4},
		{"align: detect, no_face: fixed, min_images: 2", strings.Replace(all, "Cid_0001 ", "", 1), 1, 4},
		{"align: fixed, no_face: skip", all, 0, 0},
	} {
		for _, cache := range []string{"memory", t.TempDir()} {
			c := parse(t, "data: {source: folder, holdout: 0, root: "+root+", cache: "+cache+", "+tt.settings+"}\nvalidation: {every: 0}\n")
			f, err := OpenFaces(t.Context(), c, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if got := refs(f.Train); got != tt.want || f.LeftOut != tt.leftOut || len(f.NoFace) != tt.none {
				t.Errorf("%s: %s, %d people left out, no face in %v", tt.settings, got, f.LeftOut, f.NoFace)
			}
			if want := filepath.Join(root, "Ann", "Ann_0002.jpg"); tt.none > 0 && (f.NoFace[0] != want || !slices.IsSorted(f.NoFace)) {
				t.Errorf("%s: no face in %v, want %s first", tt.settings, f.NoFace, want)
			}
		}
	}
	c := parse(t, "data: {source: folder, holdout: 0, root: "+root+", cache: memory, align: detect, min_images: 3}\nvalidation: {every: 0}\n")
	want := "trainer: nobody to train on has 3 photos with a face (none was found in 1 of all 3): lower data.min_images, or set data.no_face or data.align to fixed"
	if _, err := OpenFaces(t.Context(), c, nil); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// Who is held out does not depend on whose face is found, so that runs with
// different alignments can be compared.
func TestHeldOutWithoutAFace(t *testing.T) {
	people := map[string]string{}
	for i := range 8 {
		people[fmt.Sprintf("P%d", i)] = "+"
	}
	people["Nobody"] = "-"
	root := photoTree(t, people)
	held := func(align string) (string, string) {
		c := parse(t, "data: {source: folder, holdout: 0.5, root: "+root+", cache: memory, align: "+align+"}\nvalidation: {every: 0}\n")
		f, err := OpenFaces(t.Context(), c, nil)
		if err != nil {
			t.Fatal(err)
		}
		return refs(f.Held), f.Hash()
	}
	fixed, fixedHash := held("fixed")
	detect, detectHash := held("detect")
	frame, frameHash := held("detect, no_face: fixed")
	if strings.Replace(fixed, "Nobody_0001 ", "", 1) != detect || frame != fixed {
		t.Errorf("held out with fixed: %s\nwith detect: %s\nwith detect and the frame: %s", fixed, detect, frame)
	}
	if fixedHash == detectHash || detectHash == frameHash || frameHash == fixedHash {
		t.Errorf("hashes %s, %s and %s do not tell the images apart", fixedHash, detectHash, frameHash)
	}
}

// People of LFW's lists with too few images are left out before any is aligned, and
// those with too few faces after that.
func TestLFWWithoutAFace(t *testing.T) {
	root := photoTree(t, map[string]string{"Ann": "+-+", "Bob": "+-", "Cid": "-"})
	if err := os.WriteFile(filepath.Join(root, dataset.PeopleDevTrain), []byte("3\nAnn\t3\nBob\t2\nCid\t1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	data := "data: {source: lfw, holdout: 0, root: " + root + ", cache: memory, align: detect, min_images: %d}\nvalidation: {every: 0}\n"
	for least, want := range map[int]string{1: "Ann_0001 Ann_0003 Bob_0001, 1 of 3 left out, 6 photos", 2: "Ann_0001 Ann_0003, 2 of 3 left out, 5 photos"} {
		f, err := OpenFaces(t.Context(), parse(t, fmt.Sprintf(data, least)), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%s, %d of 3 left out, %d photos", refs(f.Train), f.LeftOut, f.Photos); got != want {
			t.Errorf("at least %d: %s, want %s", least, got, want)
		}
	}
	if _, err := OpenFaces(t.Context(), parse(t, fmt.Sprintf(data, 4)), nil); err == nil || err.Error() != "trainer: nobody has 4 images: lower data.min_images" {
		t.Errorf("got %v", err)
	}
}

// People of a list are left out, and a list of other people is refused.
func TestExclude(t *testing.T) {
	root := photoTree(t, map[string]string{"Ann": "-", "Bob": "--", "Cid": "-"})
	list := filepath.Join(t.TempDir(), "names.txt")
	for text, want := range map[string]string{
		"Bob\nNobody\nBob\n": "Ann_0001 Cid_0001",
		"Ann\nBob\nCid\n":    "trainer: data.exclude: " + list + " leaves nobody",
		"Nobody\nEve\n":      "trainer: data.exclude: none of the 2 names in " + list + " is a person of the data; names are those of their folders",
	} {
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c := parse(t, "data: {source: folder, holdout: 0, root: "+root+", cache: memory, align: fixed, exclude: "+list+"}\nvalidation: {every: 0}\n")
		f, err := OpenFaces(t.Context(), c, nil)
		switch {
		case err != nil && err.Error() != want:
			t.Errorf("%v, want %s", err, want)
		case err == nil && (refs(f.Train) != want || f.Excluded != 1 || f.Unknown != 1):
			t.Errorf("%s, %d excluded, %d unknown, want %s and one of each", refs(f.Train), f.Excluded, f.Unknown, want)
		}
	}
}
