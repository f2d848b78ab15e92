package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func put(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func wantContent(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", path, got, err, want)
	}
}

func wantFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("error %v\nwant  %s", err, want)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	for _, content := range []string{"first", "", strings.Repeat("longer than any buffer ", 1<<16)} {
		if err := Write(path, text(content)); err != nil {
			t.Fatal(err)
		}
		wantContent(t, path, content)
	}
	wantFiles(t, dir, "f")
	if runtime.GOOS == "windows" {
		return // it has no such modes
	}
	// The mode that a file of the same umask gets, whatever was there.
	reference := filepath.Join(dir, "reference")
	f, err := os.OpenFile(reference, os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if got, want := mode(t, path), mode(t, reference); got != want {
		t.Errorf("mode %v, want %v", got, want)
	}
}

func mode(t *testing.T, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

func TestWriteAt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	err := WriteAt(path, func(w io.WriterAt) error {
		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				if _, err := w.WriteAt([]byte{byte('0' + i)}, int64(2*i)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantContent(t, path, "0\x001\x002\x003\x004\x005\x006\x007\x008\x009")
}

// An error of the content is the caller's, and leaves the file of before.
func TestFillFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	bad := errors.New("a tensor has no values")
	fill := func(w io.Writer) error {
		if err := text("half")(w); err != nil {
			t.Error(err)
		}
		return bad
	}
	if err := Write(path, fill); err != bad {
		t.Errorf("error %v, want that of fill", err)
	}
	wantFiles(t, dir)
	put(t, path, "old")
	if err := Write(path, fill); err != bad {
		t.Errorf("error %v, want that of fill", err)
	}
	wantContent(t, path, "old")
	wantFiles(t, dir, "f")
}

// A process that is killed leaves the file of before, and a temporary one that
// is in nobody's way and can be told from others.
func TestInterruptedWrite(t *testing.T) {
	const variable = "ATOMICFILE_TEST_PATH"
	if path := os.Getenv(variable); path != "" {
		_ = Write(path, func(w io.Writer) error {
			if err := text(strings.Repeat("half", 1<<18))(w); err != nil {
				return err
			}
			self, err := os.FindProcess(os.Getpid())
			if err != nil {
				return err
			}
			_ = self.Kill()
			select {}
		})
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	put(t, path, "old")
	child := exec.Command(os.Args[0], "-test.run=^TestInterruptedWrite$")
	child.Env = append(os.Environ(), variable+"="+path)
	if out, err := child.CombinedOutput(); err == nil || len(out) != 0 {
		t.Fatalf("the child was not killed: %v, %s", err, out)
	}
	wantContent(t, path, "old")
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Fatalf("files %v, %v; want the old file and a temporary one", entries, err)
	}
	if err := Write(path, text("new")); err != nil {
		t.Fatal(err)
	}
	wantContent(t, path, "new")
	if err := RemoveStale(dir, 0, func(name string) bool { return name == "f" }); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, dir, "f")
}

// faulty fails as a disk does, at one of the steps.
type faulty struct {
	file
	write, sync, close error
}

func (f faulty) Write(p []byte) (int, error) {
	if f.write != nil {
		return 0, f.write
	}
	return f.file.Write(p)
}

func (f faulty) WriteAt(p []byte, at int64) (int, error) {
	if f.write != nil {
		return 0, f.write
	}
	return f.file.WriteAt(p, at)
}

func (f faulty) Sync() error { return errors.Join(f.sync, f.file.Sync()) }

func (f faulty) Close() error { return errors.Join(f.file.Close(), f.close) }

// A disk may be full at any step; the error is the same, and so are the files.
func TestFullDisk(t *testing.T) {
	full := &fs.PathError{Op: "some call", Path: "the temporary file", Err: syscall.ENOSPC}
	stream := func(f file) error { return text("new")(f) }
	random := func(f file) error { _, err := f.WriteAt([]byte("new"), 5); return err }
	for _, c := range []struct {
		name   string
		open   error
		faults faulty
		fill   func(file) error
	}{
		{"open", full, faulty{}, stream},
		{"write", nil, faulty{write: full}, stream},
		{"write at", nil, faulty{write: full}, random},
		{"sync", nil, faulty{sync: full}, stream},
		{"close", nil, faulty{close: full}, stream},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "f")
			put(t, path, "old")
			err := write(path, func(path string, flag int, mode fs.FileMode) (file, error) {
				if c.open != nil {
					return nil, c.open
				}
				f, err := disk(path, flag, mode)
				c.faults.file = f
				return c.faults, err
			}, c.fill)
			wantError(t, err, "write "+path+": "+syscall.ENOSPC.Error()+"; free some space or write elsewhere")
			if !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("%v hides its cause", err)
			}
			wantContent(t, path, "old")
			wantFiles(t, dir, "f")
		})
	}
}

func TestWrongPlace(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "f"), "old")
	never := func(io.Writer) error { t.Error("written"); return nil }
	wantError(t, Write(dir, never), "write "+dir+": is a directory; name a file in it")
	for _, c := range []struct{ path, remedy string }{
		{filepath.Join(dir, "none", "f"), "; make the folder first"},
		{filepath.Join(dir, "f", "g"), "; part of the path is a file: check the path"},
	} {
		if runtime.GOOS == "windows" {
			c.remedy = "" // there is one cause for both
		}
		for name, err := range map[string]error{"Write": Write(c.path, never), "Probe": Probe(c.path)} {
			if err == nil || !strings.HasPrefix(err.Error(), "write "+c.path+": ") || strings.Count(err.Error(), dir) != 1 || !strings.HasSuffix(err.Error(), c.remedy) {
				t.Errorf("%s: error %v, want one that names %s once and ends with %q", name, err, c.path, c.remedy)
			}
		}
	}
	wantFiles(t, dir, "f")
}

func TestLinksStay(t *testing.T) {
	dir := t.TempDir()
	elsewhere := filepath.Join(dir, "elsewhere")
	if err := os.Mkdir(elsewhere, 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(elsewhere, "f"), "old")
	for _, link := range []struct{ name, target string }{
		{"absolute", filepath.Join(elsewhere, "f")},
		{"relative", filepath.Join("elsewhere", "f")},
		{"chain", "relative"},
		{"dangling", filepath.Join("elsewhere", "new")},
	} {
		path := filepath.Join(dir, link.name)
		if err := os.Symlink(link.target, path); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
		if err := Write(path, text(link.name)); err != nil {
			t.Fatal(err)
		}
		if mode(t, path)&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more", link.name)
		}
		wantContent(t, path, link.name)
	}
	wantContent(t, filepath.Join(elsewhere, "f"), "chain")
	wantFiles(t, elsewhere, "f", "new")
	// Errors name the link, which the user knows.
	loop := filepath.Join(dir, "loop")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	if err := Write(loop, text("x")); err == nil || !strings.HasPrefix(err.Error(), "write "+loop+": ") {
		t.Errorf("a link to itself: %v", err)
	}
}

func TestProbe(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := Probe(path); err != nil {
		t.Error(err)
	}
	wantFiles(t, dir)
	put(t, path, "old")
	if err := Probe(path); err != nil {
		t.Error(err)
	}
	wantContent(t, path, "old")
	wantFiles(t, dir, "f")
	wantError(t, Probe(dir), "write "+dir+": is a directory; name a file in it")
}

// What to do is said once, and only where it is known; the cause stays.
func TestAdvise(t *testing.T) {
	for cause, want := range map[error]string{
		syscall.ENOSPC: "free some space or write elsewhere",
		syscall.EDQUOT: "free some space or write elsewhere",
	} {
		err := Advise(Advise(fmt.Errorf("tensor: %w", Advise(cause))))
		wantError(t, err, "tensor: "+cause.Error()+"; "+want)
		if !errors.Is(err, cause) {
			t.Errorf("%v hides its cause", err)
		}
	}
	other := errors.New("a photo is missing")
	if Advise(other) != other || Advise(nil) != nil {
		t.Error("other errors are changed")
	}
}
