package config

import (
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// TestHelp finds every key, its help, its unit and its default in the text
// that --help prints.
func TestHelp(t *testing.T) {
	fs := pflag.NewFlagSet("train", pflag.ContinueOnError)
	Register(fs)
	lines := strings.Split(fs.FlagUsages(), "\n")
	for i, k := range allKeys() {
		if fs.Lookup(k.Path) == nil {
			t.Errorf("no flag --%s", k.Path)
		}
		line := lines[0]
		for _, l := range lines {
			if strings.HasPrefix(strings.TrimSpace(l), "--"+k.Path) {
				line = l
				break
			}
		}
		want := []string{k.Help, k.Unit}
		quoted := k.Default
		if k.Type == "string" {
			quoted = `"` + quoted + `"`
		}
		switch {
		case k.Default == "":
		case k.Type == "bool" && k.Default == "false":
		default:
			want = append(want, "(default "+quoted+")")
		}
		for _, w := range want {
			if !strings.Contains(line, w) {
				t.Errorf("key %d, --%s: %q is not in %q", i, k.Path, w, line)
			}
		}
	}
}
