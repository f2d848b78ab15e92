package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/ort/orttest"
)

func fetch(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(context.Background(), args, &out, io.Discard)
	return out.String(), err
}

func TestFetch(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bin")
	want, err := os.ReadFile(orttest.Library(t))
	if err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(dir, filepath.Base(orttest.Library(t)))
	// New, up to date, replaced when it is cut short, and when one byte differs.
	for _, c := range []struct {
		change func() error
		fresh  bool
	}{
		{func() error { return nil }, true},
		{func() error { return nil }, false},
		{func() error { return os.Truncate(target, 1000) }, true},
		{func() error {
			other := bytes.Clone(want)
			other[len(other)-1] ^= 1
			return os.WriteFile(target, other, 0o600)
		}, true},
	} {
		if err := c.change(); err != nil {
			t.Fatal(err)
		}
		out, err := fetch(t, "--out", dir)
		if err != nil {
			t.Fatal(err)
		}
		if fresh := !strings.Contains(out, "up to date"); fresh != c.fresh || !strings.HasPrefix(out, target) {
			t.Errorf("output %q, want %s, fresh %v", out, target, c.fresh)
		}
		got, err := os.ReadFile(target)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not the module's library", target)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v in the directory, want the library alone (error %v)", entries, err)
	}
}

func TestFetchErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	taken := t.TempDir()
	if err := os.Mkdir(filepath.Join(taken, filepath.Base(orttest.Library(t))), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"no library for the system", []string{"--os", "plan9"}, "no ONNX Runtime for plan9/" + runtime.GOARCH},
		{"a file for a directory", []string{"--out", filepath.Join(file, "bin")}, file},
		{"a directory in the way", []string{"--out", taken}, "it is a directory"},
		{"unknown flag", []string{"--there", "x"}, "--there"},
		{"argument", []string{"bin"}, `unexpected argument "bin"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := fetch(t, c.args...)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one line with %q", err, c.want)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	out, err := fetch(t, "--help")
	if err != nil || !strings.Contains(out, "--out") {
		t.Errorf("help %q, error %v", out, err)
	}
}
