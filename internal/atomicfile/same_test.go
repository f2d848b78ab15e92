package atomicfile

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSame(t *testing.T) {
	dir := t.TempDir()
	a, b, link := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "link")
	for _, path := range []string{a, b} {
		put(t, path, "x")
	}
	if err := os.Link(a, link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	none := filepath.Join(dir, "none")
	for _, c := range []struct {
		a, b string
		want bool
	}{{a, a, true}, {a, link, true}, {dir, filepath.Join(dir, "."), true}, {a, b, false}, {a, none, false}, {none, none, false}} {
		if got := Same(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
