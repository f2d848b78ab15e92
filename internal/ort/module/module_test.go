package module

import (
	"os"
	"runtime"
	"strings"
	"testing"
)

// Every library that the table promises for this operating system is in the version
// that go.mod names. The other systems' modules are not downloaded for a test.
func TestCarriers(t *testing.T) {
	for system, c := range carriers {
		if !strings.HasPrefix(system, runtime.GOOS+"/") {
			continue
		}
		dir, version, err := locate(t.Context(), prefix+c.module, os.Stderr)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(dir + "/" + c.path)
		if err != nil || info.Size() < 1<<20 {
			t.Errorf("%s: %s of version %s: %v, want a library", system, c.path, version, err)
		}
	}
}
