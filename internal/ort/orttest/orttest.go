// Package orttest gives tests ONNX Runtime's shared library.
package orttest

import (
	"context"
	"os"
	"runtime"
	"sync"
	"testing"

	"github.com/sphereface-go/sphereface/internal/ort/module"
)

var library = sync.OnceValues(func() (string, error) {
	path, _, err := module.Library(context.Background(), runtime.GOOS, runtime.GOARCH, os.Stderr)
	return path, err
})

// Library returns the path of ONNX Runtime's shared library for this machine, for
// ort.Options.Library or the flag --ort-library. It comes out of a Go module, which
// is downloaded if it is not in the module cache. A test that cannot have it fails.
func Library(t testing.TB) string {
	t.Helper()
	path, err := library()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
