// Package ort runs .onnx files with ONNX Runtime, through its shared library.
//
// The library is looked for in this order: [Options].Library (the flag
// --ort-library), the environment variable ONNXRUNTIME_LIB, beside the running
// binary, and the system's library path under its usual names
// (libonnxruntime.so, libonnxruntime.so.1, libonnxruntime.dylib,
// onnxruntime.dll). The first two may name the file or its directory, and nothing
// else is tried when one of them is set. ONNX Runtime must be 1.24 or newer. The
// program in fetch puts a suitable one beside the binaries.
//
// ONNX Runtime keeps one environment a process: the first [Open] loads the
// library, later ones share it, and asking for another one is an error.
//
// Without cgo (CGO_ENABLED=0) the package builds, and Open says that it cannot
// work.
package ort
