//go:build cgo && !windows

package ort

/*
#cgo linux LDFLAGS: -ldl
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The two members that OrtApiBase has in every version of ONNX Runtime.
typedef struct {
	const void *(*GetApi)(uint32_t version);
	const char *(*GetVersionString)(void);
} Base;

typedef struct {
	void *handle;
	char *version, *location, *error; // freed by the caller
} Probe;

// One function, as the loader keeps its last error for each thread.
static Probe probe(const char *path) {
	Probe p = {0};
	p.handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
	if (!p.handle) {
		const char *e = dlerror();
		p.error = strdup(e ? e : "cannot be loaded");
		return p;
	}
	const Base *(*get)(void) = (const Base *(*)(void))dlsym(p.handle, "OrtGetApiBase");
	const Base *base = get ? get() : NULL;
	if (!base) {
		p.error = strdup("not ONNX Runtime: it has no OrtGetApiBase");
		dlclose(p.handle);
		p.handle = NULL;
		return p;
	}
	p.version = strdup(base->GetVersionString());
	Dl_info info;
	p.location = strdup(dladdr((void *)get, &info) && info.dli_fname ? info.dli_fname : path);
	return p;
}
*/
import "C"

import (
	"errors"
	"unsafe"
)

func probeLibrary(path string, accept func(version string) bool) (version, location string, err error) {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	p := C.probe(name)
	if p.error != nil {
		defer C.free(unsafe.Pointer(p.error))
		return "", "", errors.New(C.GoString(p.error))
	}
	defer C.free(unsafe.Pointer(p.version))
	defer C.free(unsafe.Pointer(p.location))
	version, location = C.GoString(p.version), C.GoString(p.location)
	if !accept(version) {
		// Unloaded, as the loader would give it again for another path with the same name.
		C.dlclose(p.handle)
	}
	return version, location, nil
}
