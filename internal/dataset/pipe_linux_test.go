package dataset

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Whoever opens a pipe waits for its writer, and cannot be stopped.
func TestPipesAreRefused(t *testing.T) {
	root := t.TempDir()
	writeTo(t, filepath.Join(root, "Ann", "a.jpg"), []byte("x"))
	pipe := filepath.Join(root, "Ann", "b.jpg")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Folder(root, 1, face.AlignFixed)
	wantError(t, err, pipe+": is a pipe and no image; remove it")

	if err := os.Rename(pipe, filepath.Join(root, "pipe")); err != nil { // what is not taken for an image is passed over
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(root, "pipe"), pipe); err != nil {
		t.Fatal(err)
	}
	_, err = Folder(root, 1, face.AlignFixed)
	wantError(t, err, pipe+": is a pipe and no image; remove it")

	remove(t, pipe)
	if s, err := Folder(root, 1, face.AlignFixed); err != nil || s.Len() != 1 {
		t.Errorf("%v, %v", s, err)
	}
	archive := filepath.Join(root, "lfw.tar")
	if err := syscall.Mkfifo(archive, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = CheckLFW(t.Context(), archive)
	wantError(t, err, archive+": neither a folder nor a .tgz")
}
