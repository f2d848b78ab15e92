package version

import (
	"runtime/debug"
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	platform := []debug.BuildSetting{{Key: "GOOS", Value: "linux"}, {Key: "GOARCH", Value: "amd64"}}
	for want, vcs := range map[string][]debug.BuildSetting{
		"train v1.2.3 (go1.26.0, linux/amd64)":                  nil,
		"train v1.2.3 abc123 (go1.26.0, linux/amd64)":           {{Key: "vcs.revision", Value: "abc123"}, {Key: "vcs.modified", Value: "false"}},
		"train v1.2.3 abc with changes (go1.26.0, linux/amd64)": {{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.modified", Value: "true"}},
	} {
		info := &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "v1.2.3"}, Settings: append(vcs, platform...)}
		if got := of("train", info); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := Of("train"); !strings.HasPrefix(got, "train ") {
		t.Error(got)
	}
}
