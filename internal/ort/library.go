//go:build cgo

package ort

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// minimum is the version of ONNX Runtime's C API that onnxruntime_go asks for. The
// API n came with ONNX Runtime 1.n.
const minimum = 24

const remedy = "run `go tool task ort` in the folder of sphereface, which puts it beside the binaries, or name it with " + LibraryVariable + ", --ort-library, or in Go Options.Library"

// libraryNames are the usual names of the shared library on a system, those that
// come without a version first.
func libraryNames(goos string) []string {
	switch goos {
	case "windows":
		return []string{"onnxruntime.dll"}
	case "darwin":
		return []string{"libonnxruntime.dylib", "libonnxruntime.1.dylib"}
	default:
		return []string{"libonnxruntime.so", "libonnxruntime.so.1"}
	}
}

// probe loads the library at a path (or under a bare name, from the system's
// library path) and returns its version and where it was found. It stays loaded
// only if accept says so.
type probe func(path string, accept func(version string) bool) (version, location string, err error)

// find returns the location of the first usable library, and an error that lists
// everything that was tried if there is none.
func find(explicit string, look probe) (string, error) {
	if explicit != "" {
		return named("library", explicit, look)
	}
	if path := os.Getenv(LibraryVariable); path != "" {
		return named(LibraryVariable, path, look)
	}
	var tried []string
	if dir, err := binaryDirectory(); err == nil {
		for _, name := range libraryNames(runtime.GOOS) {
			path := filepath.Join(dir, name)
			if _, err := os.Stat(path); err == nil {
				location, err := try(path, look)
				if err == nil {
					return location, nil
				}
				tried = append(tried, err.Error())
			}
		}
		if tried == nil {
			tried = append(tried, fmt.Sprintf("no %s in %s", libraryNames(runtime.GOOS)[0], dir))
		}
	}
	for _, name := range systemNames(runtime.GOOS) {
		location, err := try(name, look)
		if err == nil {
			return location, nil
		}
		tried = append(tried, err.Error())
	}
	return "", fmt.Errorf("ort: no ONNX Runtime 1.%d or newer: tried %s: %s", minimum, strings.Join(tried, "; "), remedy)
}

// systemNames are what the system's loader is asked for. Homebrew's directory is
// not on its path for ARM Macs.
func systemNames(goos string) []string {
	names := libraryNames(goos)
	if goos == "darwin" {
		names = append(names, "/opt/homebrew/lib/libonnxruntime.dylib")
	}
	return names
}

// named tries the one library that the user asked for, by file or by directory.
func named(by, path string, look probe) (string, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("ort: %s: %s: no such file: %s", by, path, remedy)
	case err != nil:
		return "", fmt.Errorf("ort: %s: %w: %s", by, err, remedy)
	}
	paths := []string{path}
	if info.IsDir() {
		paths = nil
		for _, name := range libraryNames(runtime.GOOS) {
			if p := filepath.Join(path, name); exists(p) {
				paths = append(paths, p)
			}
		}
		if paths == nil {
			return "", fmt.Errorf("ort: %s: no %s in %s: %s", by, libraryNames(runtime.GOOS)[0], path, remedy)
		}
	}
	var tried []string
	for _, p := range paths {
		// An absolute path: a bare name would be taken from the system instead.
		if p, err = filepath.Abs(p); err != nil {
			return "", fmt.Errorf("ort: %s: %w", by, err)
		}
		location, err := try(p, look)
		if err == nil {
			return location, nil
		}
		tried = append(tried, err.Error())
	}
	return "", fmt.Errorf("ort: %s: %s: %s", by, strings.Join(tried, "; "), remedy)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// try returns the location of the library at path if its version will do.
func try(path string, look probe) (string, error) {
	version, location, err := look(path, recent)
	if err != nil {
		return "", fmt.Errorf("%s (%s)", path, reason(path, err))
	}
	if !recent(version) {
		return "", fmt.Errorf("%s (ONNX Runtime %s, older than 1.%d)", path, version, minimum)
	}
	return location, nil
}

// reason shortens what the system's loader says.
func reason(path string, err error) string {
	text := strings.TrimPrefix(oneLine(err.Error()), path+": ")
	if strings.HasPrefix(text, "cannot open shared object file") && !filepath.IsAbs(path) {
		return "not in the system's library path"
	}
	return text
}

// recent says whether a version such as "1.28.2" has the C API that is needed. One
// that does not look like a version is left to ONNX Runtime to judge.
func recent(version string) bool {
	major, rest, _ := strings.Cut(version, ".")
	minor, _, _ := strings.Cut(rest, ".")
	a, err1 := strconv.Atoi(major)
	b, err2 := strconv.Atoi(minor)
	return err1 != nil || err2 != nil || a > 1 || a == 1 && b >= minimum
}

// binaryDirectory is where the running binary lies, links followed.
func binaryDirectory() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	return filepath.Dir(path), nil
}

// oneLine makes one line of what a library had to say in several.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
