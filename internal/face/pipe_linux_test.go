package face

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
)

// Whoever opens a pipe waits for its writer, and some devices never end.
func TestReadFileRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe.jpg")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{pipe: "a pipe", "/dev/zero": "a device"} {
		_, err := ReadFile(t.Context(), path)
		checkError(t, err, path, "is "+want+"; save the image to a file and name that")
	}
	if what := Irregular(fs.ModeSocket | 0o600); what != "a socket" {
		t.Errorf("a socket is %s", what)
	}
}
