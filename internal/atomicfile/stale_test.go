package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTemporaryOf(t *testing.T) {
	name := filepath.Base(temporaryName(filepath.Join("some", "last.safetensors")))
	if got, ok := TemporaryOf(name); !ok || got != "last.safetensors" {
		t.Errorf("%s is the temporary file of %q, %v", name, got, ok)
	}
	if n := len(filepath.Base(temporaryName(filepath.Join("some", strings.Repeat("ü", 127))))); n > 255 {
		t.Errorf("a name of 254 bytes has a temporary file of %d", n)
	}
	if first, second := temporaryName("f"), temporaryName("f"); first == second {
		t.Error("two temporary files have one name")
	}
	for _, name := range []string{
		"", "f", ".f", ".f.tmp", ".f.tmp-", ".f.tmp-123", "f.tmp-0123456789abcdef", ".tmp-0123456789abcdef",
		".f.tmp-0123456789abcdeF", ".f.tmp-0123456789abcdeg", ".f.tmp-0123456789abcdef0", ".f.old-0123456789abcdef",
	} {
		if of, ok := TemporaryOf(name); ok {
			t.Errorf("%q is taken for a temporary file of %q", name, of)
		}
	}
}

func TestRemoveStale(t *testing.T) {
	dir := t.TempDir()
	const tail = ".tmp-0123456789abcdef"
	for _, name := range []string{".mine" + tail, ".recent" + tail, ".other" + tail, "mine", ".mine"} {
		put(t, filepath.Join(dir, name), "x")
	}
	if err := os.Mkdir(filepath.Join(dir, ".folder"+tail), 0o700); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * time.Hour)
	for _, name := range []string{".mine" + tail, ".other" + tail} {
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	mine := func(name string) bool { return name != "other" }
	if err := RemoveStale(dir, time.Hour, mine); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, ".folder"+tail, ".mine", ".other"+tail, ".recent"+tail, "mine")
	if err := RemoveStale(dir, 0, mine); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, ".folder"+tail, ".mine", ".other"+tail, "mine")
	if err := RemoveStale(filepath.Join(dir, "none"), 0, mine); err != nil {
		t.Errorf("no directory: %v", err)
	}
}
