package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// asNobody runs f as a user to whom permissions apply, which tests that run as
// root are not.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // the thread ends with the goroutine, and with it the user
		err := syscall.Setfsuid(65534)
		if err == nil {
			f()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// directory makes one that every user can reach, unlike those of t.TempDir.
func directory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "atomicfile-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(dir, 0o700) // so that it can be removed
		_ = os.RemoveAll(dir)
	})
	return dir
}

func chmod(t *testing.T, dir string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(dir, mode); err != nil {
		t.Fatal(err)
	}
}

func TestReadOnlyDirectory(t *testing.T) {
	dir := directory(t)
	path := filepath.Join(dir, "f")
	put(t, path, "old")
	chmod(t, dir, 0o555)
	var err error
	asNobody(t, func() { err = Write(path, text("new")) })
	wantError(t, err, "write "+path+": permission denied; allow writing there or write elsewhere")
	wantContent(t, path, "old")
	wantFiles(t, dir, "f")
}

// A directory may be open to new files and closed to readers.
func TestWriteOnlyDirectory(t *testing.T) {
	dir := directory(t)
	chmod(t, dir, 0o333)
	path := filepath.Join(dir, "f")
	var err error
	asNobody(t, func() { err = Write(path, text("new")) })
	if err != nil {
		t.Error(err)
	}
	chmod(t, dir, 0o700)
	wantContent(t, path, "new")
}

func TestDevice(t *testing.T) {
	if err := Write("/dev/null", text("x")); err != nil {
		t.Error(err)
	}
	for _, size := range []int{1, 1 << 20} { // less and more than the buffer
		wantError(t, Write("/dev/full", text(strings.Repeat("x", size))), "write /dev/full: no space left on device; free some space or write elsewhere")
	}
	if info, err := os.Stat("/dev/null"); err != nil || info.Mode()&os.ModeDevice == 0 {
		t.Errorf("/dev/null is no device any more: %v", err)
	}
}

// A pipe's reader gets the content, and what was complete before an error.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	bad := errors.New("a photo is missing")
	for _, want := range []error{nil, bad} {
		got := make(chan string)
		go func() {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Error(err)
			}
			got <- string(data)
		}()
		err := Write(path, func(w io.Writer) error {
			if err := text("a row\n")(w); err != nil {
				return err
			}
			return want
		})
		if err != want {
			t.Errorf("error %v, want %v", err, want)
		}
		if data := <-got; data != "a row\n" {
			t.Errorf("the reader got %q", data)
		}
	}
	wantFiles(t, filepath.Dir(path), "pipe")
}
