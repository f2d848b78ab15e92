package dataset

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// photo is a JPEG of noise in large squares; equal seeds give equal bytes.
func photo(t testing.TB, w, h int, seed uint64) []byte {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 9))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := 0; y < h; y += 8 {
		for x := 0; x < w; x += 8 {
			v := rng.Uint32()
			for i := range 64 {
				if x+i%8 < w && y+i/8 < h {
					o := img.PixOffset(x+i%8, y+i/8)
					img.Pix[o], img.Pix[o+1], img.Pix[o+2], img.Pix[o+3] = uint8(v), uint8(v>>8), uint8(v>>16), 255
				}
			}
		}
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, img, nil); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func writeTo(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// miniLFW writes LFW in small: five people and their lists.
func miniLFW(t testing.TB, root, folder string) {
	t.Helper()
	seed := uint64(0)
	for name, n := range map[string]int{"Ann_A": 3, "Bob_B": 2, "Cid_C": 1, "Dan_D": 2, "Eve_E": 1} {
		for i := range n {
			seed++
			writeTo(t, filepath.Join(root, folder, name, Ref{name, i + 1}.String()+".jpg"), photo(t, 64, 64, seed))
		}
	}
	for name, text := range miniLists() {
		writeTo(t, filepath.Join(root, name), []byte(text))
	}
}

func miniLists() map[string]string {
	return map[string]string{
		PeopleDevTrain: "3\nAnn_A\t3\nBob_B\t2\nCid_C\t1\n",
		PeopleDevTest:  "2\r\nDan_D\t2\r\nEve_E\t1",
		PeopleAll:      "2\n3\nEve_E\t1\nAnn_A\t3\nBob_B\t2\n2\nDan_D\t2\nCid_C\t1\n",
		PairsDevTrain:  "1\nAnn_A\t1\t3\nBob_B\t2\tCid_C\t1\n",
		PairsDevTest:   "1\nDan_D\t1\t2\nDan_D\t2\tEve_E\t1",
		PairsView2:     "2\t1\nAnn_A\t1\t2\nAnn_A\t3\tEve_E\t1\nDan_D\t1\t2\nDan_D\t2\tCid_C\t1\n",
	}
}

// miniImages names the images of miniLFW as they lie in an archive.
func miniImages(folder string) []string {
	var names []string
	for _, p := range []PersonCount{{Name: "Ann_A", Images: 3}, {Name: "Bob_B", Images: 2}, {Name: "Cid_C", Images: 1}, {Name: "Dan_D", Images: 2}, {Name: "Eve_E", Images: 1}} {
		for i := range p.Images {
			names = append(names, folder+"/"+p.Name+"/"+Ref{p.Name, i + 1}.String()+".jpg")
		}
	}
	return names
}

// testSet is a generated set with the given numbers of images a person; each
// crop is of one colour, that of its index.
func testSet(t testing.TB, counts ...int) *Set {
	t.Helper()
	var people []string
	var images []Image
	for p, n := range counts {
		people = append(people, "P"+string(rune('A'+p/26))+string(rune('a'+p%26)))
		for i := range n {
			images = append(images, Image{Person: p, Number: i + 1})
		}
	}
	s, err := NewSet(people, images, func(i int) (face.Crop, error) {
		crop := face.NewCrop()
		for j := range crop.Pix {
			crop.Pix[j] = uint8(i + j%3 + j/3%face.CropWidth)
		}
		return crop, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// wantError checks for an error of one line with all the texts.
func wantError(t testing.TB, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", texts)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error %q lacks %q", err, text)
		}
	}
	own := slices.ContainsFunc([]string{"dataset: ", "face: ", "augment: "}, func(room string) bool { return strings.HasPrefix(err.Error(), room) })
	if !own || strings.Contains(err.Error(), "\n") || strings.Count(err.Error(), "dataset: ") > 1 {
		t.Errorf("error %q is not one plain line", err)
	}
}
