package dataset

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// Links are followed to files and folders, but not in circles or to nowhere.
func TestWalkFolderFollowsLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // links are a privilege there
	}
	root, elsewhere := t.TempDir(), t.TempDir()
	for _, dir := range []string{filepath.Join(root, "Ann"), filepath.Join(elsewhere, "Bob")} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for path, text := range map[string]string{
		filepath.Join(root, "Ann", "Ann_0001.jpg"): "ann", filepath.Join(elsewhere, "Bob", "Bob_0001.jpg"): "bob", filepath.Join(elsewhere, "list.txt"): "list",
	} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for to, from := range map[string]string{
		filepath.Join(elsewhere, "Bob"):      filepath.Join(root, "Bob"),
		filepath.Join(elsewhere, "list.txt"): filepath.Join(root, "list.txt"),
		filepath.Join(root, "none"):          filepath.Join(root, "nowhere"),
		root:                                 filepath.Join(root, "Ann", "circle"),
		filepath.Join(root, "itself"):        filepath.Join(root, "itself"),
	} {
		if err := os.Symlink(to, from); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	err := walkFolder(root, func(name string, r io.Reader) error {
		data, err := io.ReadAll(r)
		got = append(got, name+" "+string(data))
		return err
	})
	slices.Sort(got)
	// The circle gives the tree once more below Ann, and its own links are not followed.
	want := []string{
		"Ann/Ann_0001.jpg ann", "Ann/circle/Ann/Ann_0001.jpg ann", "Ann/circle/list.txt list",
		"Bob/Bob_0001.jpg bob", "list.txt list",
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}
