//go:build cgo

package ort

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/ort/orttest"
)

// system is a fake loader: versions by path or bare name.
func system(versions map[string]string) probe {
	return func(path string, accept func(string) bool) (string, string, error) {
		version, ok := versions[path]
		if !ok {
			return "", "", errors.New("cannot open shared object file: No such file or directory")
		}
		accept(version)
		return version, "/found/" + filepath.Base(path), nil
	}
}

func TestFindInTheSystem(t *testing.T) {
	t.Setenv(LibraryVariable, "")
	names := systemNames(runtime.GOOS)
	last := names[len(names)-1]

	location, err := find("", system(map[string]string{last: "1.24.0"}))
	if err != nil || location != "/found/"+filepath.Base(last) {
		t.Errorf("location %q, error %v", location, err)
	}

	_, err = find("", system(map[string]string{names[0]: "1.23.2"}))
	if err == nil {
		t.Fatal("1.23.2 was taken")
	}
	dir, _ := binaryDirectory()
	for _, want := range []string{"no " + names[0] + " in " + dir, names[0] + " (ONNX Runtime 1.23.2, older than 1.24)", "go tool task ort", "--ort-library", LibraryVariable} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
}

// What the user names is taken or refused, and nothing else is tried.
func TestFindNamed(t *testing.T) {
	dir := t.TempDir()
	name := libraryNames(runtime.GOOS)[0]
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	good := map[string]string{path: "1.28.2", name: "1.28.2"}
	for _, c := range []struct {
		about, flag, variable string
		versions              map[string]string
		location, failure     string
	}{
		{about: "flag", flag: path, versions: good, location: "/found/" + name},
		{about: "flag, directory", flag: dir, versions: good, location: "/found/" + name},
		{about: "variable", variable: path, versions: good, location: "/found/" + name},
		{about: "flag before variable", flag: path, variable: "/none", versions: good, location: "/found/" + name},
		{about: "missing", flag: "/none/lib.so", versions: good, failure: "library: /none/lib.so: no such file"},
		{about: "missing by variable", variable: "/none/lib.so", versions: good, failure: LibraryVariable + ": /none/lib.so: no such file"},
		{about: "empty directory", flag: empty, versions: good, failure: "no " + name + " in " + empty},
		{about: "too old", flag: path, versions: map[string]string{path: "1.17.1", name: "1.28.2"}, failure: "ONNX Runtime 1.17.1, older than 1.24"},
	} {
		t.Run(c.about, func(t *testing.T) {
			t.Setenv(LibraryVariable, c.variable)
			location, err := find(c.flag, system(c.versions))
			if location != c.location {
				t.Errorf("location %q, want %q (error %v)", location, c.location, err)
			}
			if c.failure != "" && (err == nil || !strings.Contains(err.Error(), c.failure) || !strings.Contains(err.Error(), "task ort")) {
				t.Errorf("error %v, want %q and a remedy", err, c.failure)
			}
		})
	}
}

func TestRecent(t *testing.T) {
	for version, want := range map[string]bool{
		"1.24.0": true, "1.28.2": true, "2.0.0": true, "1.100": true,
		"1.23.9": false, "0.30.0": false, "1.3": false,
		"nightly": true, "": true, // left to ONNX Runtime
	} {
		if got := recent(version); got != want {
			t.Errorf("recent(%q) = %v", version, got)
		}
	}
}

// The real loader, on a real library, on one that is too old, on one that is
// something else, and on a file that is no library.
func TestProbe(t *testing.T) {
	version, location, err := probeLibrary(orttest.Library(t), recent)
	if err != nil || !recent(version) {
		t.Errorf("version %q at %q, error %v", version, location, err)
	}

	old := orttest.Old(t)
	if version, _, err := probeLibrary(old, recent); err != nil || version != "1.17.1" {
		t.Errorf("old library: version %q, error %v", version, err)
	}
	if _, err := find(old, probeLibrary); err == nil || !strings.Contains(err.Error(), old+" (ONNX Runtime 1.17.1, older than 1.24)") {
		t.Errorf("old library: %v", err)
	}

	other := orttest.Old(t, "-DOrtGetApiBase=SomethingElse")
	if _, _, err := probeLibrary(other, recent); err == nil || !strings.Contains(err.Error(), "not ONNX Runtime") {
		t.Errorf("another library: %v", err)
	}

	text := filepath.Join(t.TempDir(), "lib.so")
	if err := os.WriteFile(text, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = find(text, probeLibrary)
	if err == nil || !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "\n") {
		t.Errorf("no library: %v", err)
	}
}
