package main

import (
	"fmt"
	"runtime/debug"
)

// version says which build this is: the module's version and, for a build from a
// working copy, the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "infer (built without module information)"
	}
	text := "infer " + info.Main.Version
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
