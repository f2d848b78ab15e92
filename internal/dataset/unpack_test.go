package dataset

import (
	"path/filepath"
	"testing"
)

func TestFetchFromALocalArchive(t *testing.T) {
	picture := photo(t, 250, 250, 1)
	for _, name := range []string{"lfw-deepfunneled.tgz", "lfw-deepfunneled.zip", "lfw-funneled.tar"} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			writeArchive(t, filepath.Join(root, name), miniImages("any"), func(string) []byte { return picture })
			writeTo(t, filepath.Join(root, ".unpack-123", "Ann_A", "Ann_A_0001.jpg"), nil) // of a killed process
			stages := map[string]int64{}
			f := newFetcher(func(stage string, done, total int64) { stages[stage] = done })
			f.edition, f.remotes[0].url, f.remotes[1].url = miniEdition(t), "http://127.0.0.1:1/", "http://127.0.0.1:1/"
			r, err := f.fetch(t.Context(), root)
			if err != nil {
				t.Fatalf("%v\n%s", err, r)
			}
			if stages["unpack "+name] != 9 || r.Images != 9 || len(r.Lists) != 6 {
				t.Errorf("stages %v, report\n%s", stages, r)
			}
			if left, _ := filepath.Glob(filepath.Join(root, unpackPattern)); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
