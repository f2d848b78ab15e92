//go:build cgo

package ort

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	onnxruntime "github.com/yalue/onnxruntime_go"
)

// environment is ONNX Runtime's one environment in this process: onnxruntime_go
// holds it, and the library, in variables of its own. It is made at the first use
// and stays until the process ends.
var environment struct {
	sync.Mutex
	location string // of the loaded library, "" before the first use
}

// start the environment with the library that was asked for, or any if "".
func startEnvironment(library string) error {
	environment.Lock()
	defer environment.Unlock()
	if environment.location != "" {
		return sameLibrary(library, environment.location)
	}
	location, err := find(library, probeLibrary)
	if err != nil {
		return err
	}
	onnxruntime.SetSharedLibraryPath(location)
	// Errors come back as values: ONNX Runtime need not print them as well.
	if err := onnxruntime.InitializeEnvironment(onnxruntime.WithLogLevelFatal()); err != nil {
		return fmt.Errorf("ort: %s: %s: %s", location, oneLine(err.Error()), remedy)
	}
	if err := onnxruntime.DisableTelemetry(); err != nil {
		return fmt.Errorf("ort: %s: %s", location, oneLine(err.Error()))
	}
	environment.location = location
	return nil
}

// sameLibrary refuses a library other than the one that is loaded.
func sameLibrary(library, loaded string) error {
	if library == "" {
		return nil
	}
	a, err := os.Stat(loaded)
	if err != nil {
		return nil // it came under a name that no longer is a file
	}
	paths := []string{library}
	for _, name := range libraryNames(runtime.GOOS) {
		paths = append(paths, filepath.Join(library, name))
	}
	for _, path := range paths {
		if b, err := os.Stat(path); err == nil && os.SameFile(a, b) {
			return nil
		}
	}
	return fmt.Errorf("ort: library: %s: ONNX Runtime is loaded already, from %s, and a process can load but one", library, loaded)
}

// Library returns the location of the library that the process has loaded, and its
// version; both are "" before the first [Open].
func Library() (location, version string) {
	environment.Lock()
	defer environment.Unlock()
	if environment.location == "" {
		return "", ""
	}
	return environment.location, onnxruntime.GetVersion()
}
