//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/sphereface-go/sphereface/internal/ort/orttest"
)

// roomVariable makes the test binary the program itself, in a process whose
// files cannot grow beyond that many bytes: to a program, a disk that is full.
const roomVariable = "EXPORT_TEST_ROOM"

func TestMain(m *testing.M) {
	room := os.Getenv(roomVariable)
	if room == "" {
		os.Exit(m.Run())
	}
	bytes, err := strconv.ParseUint(room, 10, 64)
	if err != nil {
		panic(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // the write fails instead
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: bytes}); err != nil {
		panic(err)
	}
	main()
}

// process runs the program in a process of its own.
func process(t *testing.T, room int, args ...string) (stderr string, code int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append(args, "--ort-library", orttest.Library(t))...)
	cmd.Env = append(os.Environ(), roomVariable+"="+strconv.Itoa(room))
	var out bytes.Buffer
	cmd.Stderr = &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

func TestFullDisk(t *testing.T) {
	dir, _ := save(t, golden(t))
	before := listFiles(t, dir)
	out := filepath.Join(dir, "m.onnx")
	fixtures := filepath.Join(dir, "fixtures")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{dir, "--out", out}, "export: write " + out + ": file too large"},
		{[]string{dir, "--fixtures", fixtures}, "export: --fixtures " + fixtures + ": file too large"},
	} {
		stderr, code := process(t, 50_000, c.args...)
		lines := strings.Split(strings.TrimSpace(stderr), "\n")
		last := lines[len(lines)-1]
		if code != 2 || last != c.want {
			t.Errorf("exit code %d, last line %q, want %q", code, last, c.want)
		}
		if after := listFiles(t, dir); !slices.Equal(before, after) {
			t.Errorf("files are left: %v", after)
		}
	}
	if _, code := process(t, 1<<30, dir); code != 0 {
		t.Errorf("with room enough the exit code is %d", code)
	}
}
