package dataset

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// An archive that was checked is unpacked in its folder under the name that the
// report gives, and training can read that folder.
func TestFetchFromALocalArchive(t *testing.T) {
	picture := photo(t, 250, 250, 1)
	edition := miniEdition(t)
	for name, want := range map[string]string{
		"lfw-deepfunneled.tgz": "lfw-deepfunneled.tgz", "lfw_funneled.zip": "lfw_funneled.zip",
		"lfw.tar": "lfw.tar", "lfw.tar.gz": "lfw.tar.gz", "archive.zip": "lfw.zip", "faces.tgz": "lfw.tgz",
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			archive := filepath.Join(root, name)
			names := miniImages("any")
			for list := range miniLists() {
				names = append(names, list)
			}
			writeArchive(t, archive, names, func(name string) []byte {
				if list, ok := miniLists()[name]; ok {
					return []byte(list)
				}
				return picture
			})
			r, err := edition.check(t.Context(), archive)
			if err != nil || r.Archive != want {
				t.Fatalf("the archive is to be named %q (%v), want %q", r.Archive, err, want)
			}
			archive = filepath.Join(root, want)
			if err := os.Rename(filepath.Join(root, name), archive); err != nil {
				t.Fatal(err)
			}
			_, err = OpenLFW(archive)
			wantError(t, err, archive+": is an archive; give its folder "+root+" to the data command with --fetch")

			writeTo(t, filepath.Join(root, ".unpack-123", "Ann_A", "Ann_A_0001.jpg"), nil) // of a killed process
			stages := map[string]int64{}
			f := newFetcher(func(stage string, done, total int64) { stages[stage] = done })
			f.edition, f.remotes[0].url, f.remotes[1].url = edition, "http://127.0.0.1:1/", "http://127.0.0.1:1/"
			r, err = f.fetch(t.Context(), root)
			if err != nil {
				t.Fatalf("%v\n%s", err, r)
			}
			if stages["unpack "+want] != 9 || r.Images != 9 || len(r.Lists) != 6 || r.Archive != "" {
				t.Errorf("stages %v, report\n%s", stages, r)
			}
			if left, _ := filepath.Glob(filepath.Join(root, unpackPrefix+"*")); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
			l, err := OpenLFW(root)
			if err != nil {
				t.Fatal(err)
			}
			if s, err := l.Set(DevTrain, 0, face.AlignFixed); err != nil || s.Len() != 6 {
				t.Errorf("%v, want a set of 6 images (%v)", s, err)
			}
		})
	}
}

func TestUnpackErrors(t *testing.T) {
	root := t.TempDir()
	picture := photo(t, 250, 250, 1)
	archive := filepath.Join(root, "faces.zip")
	writeArchive(t, archive, miniImages("any"), func(string) []byte { return picture })
	f := newFetcher(nil)
	f.edition = miniEdition(t)
	_, err := f.fetch(t.Context(), archive)
	wantError(t, err, archive+": is an archive; rename it to lfw.zip and give its folder "+root)

	if err := os.Rename(archive, filepath.Join(root, "lfw.zip")); err != nil {
		t.Fatal(err)
	}
	writeTo(t, filepath.Join(root, "lfw", "notes.txt"), []byte("x"))
	_, err = f.fetch(t.Context(), root)
	wantError(t, err, filepath.Join(root, "lfw")+": is there, but without images of LFW; move it away")
	if entries, _ := os.ReadDir(root); len(entries) != 2 {
		t.Errorf("left behind: %v", entries)
	}
}
