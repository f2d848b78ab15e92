package checkpoint

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lock returns errLocked if another open file has the lock. Windows keeps others
// from the locked bytes, not from the file: they lie far beyond its end.
func lock(f *os.File) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
		&windows.Overlapped{OffsetHigh: 1 << 30})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errLocked
	}
	return err
}
