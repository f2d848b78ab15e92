package dataset

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

func TestFolder(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{
		"Ann/Ann_0002.jpg", "Ann/Ann_0001.PNG", "Ann/Ann_12345.webp", "Ann/notes.txt", "Ann/.hidden.jpg",
		"Bob B/me.jpg", "Bob B/Bob B_0001.jpg", "Bob B/holiday.bmp",
		"Cid/Cid_0007.jpeg", ".git/x.jpg", "readme.md",
	} {
		writeTo(t, filepath.Join(root, name), []byte("x"))
	}
	s, err := Folder(root, 1, face.AlignFixed)
	if err != nil {
		t.Fatal(err)
	}
	type entry struct {
		ref  Ref
		path string
	}
	want := []entry{
		{Ref{"Ann", 1}, "Ann/Ann_0001.PNG"},
		{Ref{"Ann", 2}, "Ann/Ann_0002.jpg"},
		{Ref{"Ann", 12345}, "Ann/Ann_12345.webp"},
		{Ref{"Bob B", 1}, "Bob B/Bob B_0001.jpg"}, // not all are named so: by order
		{Ref{"Bob B", 2}, "Bob B/holiday.bmp"},
		{Ref{"Bob B", 3}, "Bob B/me.jpg"},
		{Ref{"Cid", 7}, "Cid/Cid_0007.jpeg"},
	}
	var got []entry
	lookup, err := NewLookup(root)
	if err != nil {
		t.Fatal(err)
	}
	for i, img := range s.Images {
		rel, err := filepath.Rel(root, img.Path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, entry{s.Ref(i), filepath.ToSlash(rel)})
		// A pair list names the same files.
		if path, err := lookup.Path(s.Ref(i)); err != nil || path != img.Path {
			t.Errorf("lookup of %v gives %s (%v), want %s", s.Ref(i), path, err, img.Path)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}

	s, err = Folder(root, 3, face.AlignFixed)
	if err != nil || !reflect.DeepEqual(s.People, []string{"Ann", "Bob B"}) || s.LeftOut != 1 {
		t.Errorf("three images and more: %v, %d left out (%v)", s.People, s.LeftOut, err)
	}
}

func TestFolderErrors(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files []string
		min   int
		want  []string
	}{
		{"no folders", []string{"a.jpg"}, 1, []string{"has no folders; give the folder that holds one folder of images per person"}},
		{"no image", []string{"Ann/a.jpg", "Bob/b.txt"}, 1, []string{"Bob: a person with no image; add images or remove the folder"}},
		{"too deep", []string{"train/Ann/a.jpg"}, 1, []string{"train: has folders but no images"}},
		{"heic", []string{"Ann/a.jpg", "Ann/b.HEIC"}, 1, []string{"b.HEIC: heic images are not read; convert it"}},
		{"numbers", []string{"Ann/Ann_0001.jpg", "Ann/Ann_00001.png"}, 1, []string{"Ann_00001.png", "Ann_0001.jpg", "have the same number"}},
		{"a name that no list can have", []string{"Ann /a.jpg"}, 1, []string{`: the name "Ann " starts or ends with a space, so that no list can name the person; rename the folder`}},
		{"all too few", []string{"Ann/a.jpg", "Bob/b.jpg"}, 2, []string{"none of its 2 people has 2 images; ask for fewer"}},
		{"minimum", []string{"Ann/a.jpg"}, 0, []string{"at least 0 images a person are asked for"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			for _, name := range tt.files {
				writeTo(t, filepath.Join(root, name), []byte("x"))
			}
			_, err := Folder(root, tt.min, face.AlignFixed)
			wantError(t, err, tt.want...)
		})
	}
	root := t.TempDir()
	_, err := Folder(filepath.Join(root, "nowhere"), 1, face.AlignFixed)
	wantError(t, err, "nowhere: no such folder")
	writeTo(t, filepath.Join(root, "file"), nil)
	_, err = Folder(filepath.Join(root, "file"), 1, face.AlignFixed)
	wantError(t, err, "file: is not a folder")
	writeTo(t, filepath.Join(root, "Ann", "a.jpg"), []byte("x"))
	_, err = Folder(root, 1, "none")
	wantError(t, err, `alignment "none" is not known`)
}

func TestFolderFollowsLinks(t *testing.T) {
	root, elsewhere := t.TempDir(), t.TempDir()
	writeTo(t, filepath.Join(elsewhere, "a.jpg"), []byte("x"))
	if err := os.Symlink(elsewhere, filepath.Join(root, "Ann")); err != nil {
		t.Fatal(err)
	}
	s, err := Folder(root, 1, face.AlignFixed)
	if err != nil || s.Len() != 1 || s.People[0] != "Ann" {
		t.Errorf("%v, %v", s, err)
	}
	link := filepath.Join(t.TempDir(), "link") // to the root itself
	if err := os.Symlink(root, link); err != nil {
		t.Fatal(err)
	}
	if s, err := Folder(link, 1, face.AlignFixed); err != nil || s.Len() != 1 {
		t.Errorf("%v, %v", s, err)
	}
	// So does the check of LFW.
	var files []string
	err = walkFolder(link, func(name string, _ io.Reader) error { files = append(files, name); return nil })
	if err != nil || !slices.Equal(files, []string{"Ann/a.jpg"}) {
		t.Errorf("%q, %v", files, err)
	}
}

func TestLookupErrors(t *testing.T) {
	root := t.TempDir()
	writeTo(t, filepath.Join(root, "Ann", "Ann_0001.jpg"), []byte("x"))
	l, err := NewLookup(root)
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.Path(Ref{"Ann", 2})
	wantError(t, err, "Ann: no image 2 among its 1 images")
	_, err = l.Path(Ref{"Bob", 1})
	wantError(t, err, "Bob: no folder of that name")
	_, err = l.Path(Ref{"../Ann", 1})
	wantError(t, err, "path separator")
	_, err = NewLookup(filepath.Join(root, "no"))
	wantError(t, err, "no: no such folder")
}
