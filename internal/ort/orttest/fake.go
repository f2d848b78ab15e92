package orttest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "embed"
)

//go:embed testdata/old.c
var oldSource []byte

// Old returns the path of a shared library that looks like ONNX Runtime 1.17.1,
// which is too old. It is compiled with the C compiler that cgo uses, given the
// additional arguments, such as -DOrtGetApiBase=Other for a library that is none.
func Old(t testing.TB, arguments ...string) string {
	t.Helper()
	out, err := exec.Command("go", "env", "CC").Output()
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join(t.TempDir(), "old.c")
	if err := os.WriteFile(source, oldSource, 0o600); err != nil {
		t.Fatal(err)
	}
	library := filepath.Join(filepath.Dir(source), "libonnxruntime.so")
	command := append(strings.Fields(string(out)), "-shared", "-fPIC", "-o", library, source)
	command = append(command, arguments...)
	if text, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, text)
	}
	return library
}
