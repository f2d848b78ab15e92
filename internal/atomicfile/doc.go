// Package atomicfile replaces files as a whole: whatever goes wrong, the file at
// a path holds either all of its new content or what it held before.
//
// The new content goes to a temporary file beside the target, is synced, and
// renamed over it; then the directory is synced, so that the rename survives a
// power failure. On any error the temporary file is removed. Only a process that
// is killed leaves one behind: [RemoveStale] is for those.
//
// Errors of the disk are of type [*fs.PathError] and read "write PATH: no space
// left on device; free some space or write elsewhere": they name the path that
// the caller gave, not the temporary file's, say what to do where that is known,
// and leave the prefix to the caller.
package atomicfile
