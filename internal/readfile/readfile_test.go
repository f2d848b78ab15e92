package readfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestAtMost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	for most, whole := range map[int64]bool{4: false, 5: true, 6: true} {
		data, err := AtMost(path, most)
		long, ok := errors.AsType[*TooLongError](err)
		if ok == whole || whole && string(data) != "12345" || ok && (long.Name != path || long.Most != most || data != nil) {
			t.Errorf("at most %d bytes of 5: %q, %v", most, data, err)
		}
	}
	_, err := AtMost(path+"x", 1)
	if !errors.Is(err, fs.ErrNotExist) || Plain(err) == err {
		t.Errorf("%v", err)
	}
	if other := errors.New("x"); Plain(other) != other {
		t.Error("another error is changed")
	}
}
