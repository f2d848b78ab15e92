//go:build cgo

package ort

import (
	"errors"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

func probeLibrary(path string, accept func(version string) bool) (version, location string, err error) {
	handle, err := windows.LoadLibrary(path)
	if err != nil {
		return "", "", err
	}
	defer func() {
		if err != nil || !accept(version) {
			windows.FreeLibrary(handle)
		}
	}()
	get, err := windows.GetProcAddress(handle, "OrtGetApiBase")
	if err != nil {
		return "", "", errors.New("not ONNX Runtime: it has no OrtGetApiBase")
	}
	// OrtApiBase holds two functions in every version: GetApi and GetVersionString.
	base, _, _ := syscall.SyscallN(get)
	if base == 0 {
		return "", "", errors.New("not ONNX Runtime: OrtGetApiBase returns nothing")
	}
	functions := *(**[2]uintptr)(unsafe.Pointer(&base))
	text, _, _ := syscall.SyscallN(functions[1])
	version = windows.BytePtrToString(*(**byte)(unsafe.Pointer(&text)))
	name := make([]uint16, windows.MAX_LONG_PATH)
	n, err := windows.GetModuleFileName(handle, &name[0], uint32(len(name)))
	if err != nil {
		return "", "", err
	}
	return version, windows.UTF16ToString(name[:n]), nil
}
