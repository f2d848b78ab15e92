package checkpoint

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestLock has a run that is written to by one at a time.
func TestLock(t *testing.T) {
	r := Run{filepath.Join(t.TempDir(), "runs", "x")}
	first, err := r.Lock()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := r.Lock(); err == nil || !strings.Contains(err.Error(), "another train is writing to "+r.Dir) || strings.Contains(err.Error(), "\n") {
			t.Fatalf("a second lock: %v", err)
		}
	}
	if _, err := Create(r.Dir, nil, false); err != nil { // whose claim is in the same file
		t.Fatal(err)
	}
	if _, err := r.Lock(); err == nil {
		t.Error("the claim has given the lock away")
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	second, err := r.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Release(); err != nil {
		t.Fatal(err)
	}
}
