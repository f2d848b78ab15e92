package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
)

// program is how this program was called, to be pasted into the same shell.
func program() string {
	if fromGoRun() {
		return "go run ./train"
	}
	return quote(os.Args[0])
}

// sibling is how another of the project's programs is called: from the same
// place. A name alone will not do: export, for one, is a word of the shell.
func sibling(name string) string {
	if fromGoRun() {
		return "go run ./" + name
	}
	path := os.Args[0]
	if !strings.ContainsRune(path, os.PathSeparator) && !strings.Contains(path, "/") {
		if own, err := os.Executable(); err == nil {
			path = own
		}
	}
	return quote(strings.TrimSuffix(path, filepath.Base(path)) + name + filepath.Ext(exe(path)))
}

// exe keeps the extension of programs where they have one.
func exe(path string) string {
	if runtime.GOOS == "windows" {
		return path
	}
	return ""
}

// fromGoRun tells whether the binary is one that `go run` has built, and removes.
func fromGoRun() bool {
	return goRun.MatchString(filepath.ToSlash(os.Args[0]))
}

var goRun = regexp.MustCompile(`/go-build\d+/.*/exe/[^/]+$`)

// quote makes one word of s for a shell.
func quote(s string) string {
	if plainWord.MatchString(s) {
		return s
	}
	if runtime.GOOS == "windows" {
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

var plainWord = regexp.MustCompile(`^[\w@%+=:,./\\-]+$`)

// resumeCommand goes on with the run in dir.
func resumeCommand(dir string, flags ...string) string {
	return strings.Join(append([]string{program(), "--resume", quote(dir)}, flags...), " ")
}

// restartCommand starts the run anew with the settings that it has saved.
func restartCommand(run checkpoint.Run, init string, flags ...string) string {
	words := []string{program(), "--config", quote(run.Config()), "--run", quote(run.Dir), "--overwrite"}
	if init != "" {
		words = append(words, "--init", quote(init))
	}
	return strings.Join(append(words, flags...), " ")
}

// canResume reports whether there is a state of the run to go on from.
func canResume(run checkpoint.Run) bool {
	_, err := os.Stat(run.Last())
	return err == nil
}

// errNothingTrained is a run that was stopped before there was a state to save.
var errNothingTrained = errors.New("stopped before the training began")
