// Package version says which build a program is.
package version

import (
	"fmt"
	"runtime/debug"
)

// Of is the line that a program prints of itself: the module's version and, for a
// build from a working copy, the commit.
func Of(program string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return program + " (built without module information)"
	}
	return of(program, info)
}

func of(program string, info *debug.BuildInfo) string {
	text := program + " " + info.Main.Version
	settings := make(map[string]string)
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if revision := settings["vcs.revision"]; revision != "" {
		text += " " + revision
		if settings["vcs.modified"] == "true" {
			text += " with changes"
		}
	}
	return fmt.Sprintf("%s (%s, %s/%s)", text, info.GoVersion, settings["GOOS"], settings["GOARCH"])
}
