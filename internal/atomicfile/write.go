package atomicfile

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write replaces the file at path by what fill writes. The new file has the mode
// 0644, less the umask. A symbolic link stays one: the file that it names is
// replaced. What is no regular file, such as a pipe or a device, is written to
// directly. An error that fill returns is returned as it is; those of its writer
// name the path already.
func Write(path string, fill func(io.Writer) error) error {
	return write(path, disk, func(f file) error {
		b := bufio.NewWriterSize(f, 1<<18)
		err := fill(b)
		// A pipe's reader gets all that was written before an error.
		if flushErr := b.Flush(); err == nil {
			err = flushErr
		}
		return err
	})
}

// WriteAt is Write for content that does not come in its order. What fill does
// not write is zero. It may call its writer from several goroutines.
func WriteAt(path string, fill func(io.WriterAt) error) error {
	return write(path, disk, func(f file) error { return fill(f) })
}

// file is what is needed of an *os.File.
type file interface {
	io.Writer
	io.WriterAt
	io.Closer
	Sync() error
}

// opener opens a file; tests put a full disk in the place of [disk].
type opener func(path string, flag int, mode fs.FileMode) (file, error)

func disk(path string, flag int, mode fs.FileMode) (file, error) {
	return os.OpenFile(path, flag, mode)
}

var errDirectory = errors.New("is a directory; name a file in it")

func write(path string, open opener, fill func(file) error) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return failed(path, errDirectory)
	case err == nil && !info.Mode().IsRegular():
		return direct(path, open, fill)
	case err == nil || errors.Is(err, fs.ErrNotExist):
		return replace(path, follow(path), open, fill)
	default:
		return failed(path, err)
	}
}

// direct writes to what cannot be replaced.
func direct(path string, open opener, fill func(file) error) error {
	f, err := open(path, os.O_WRONLY, 0)
	if err != nil {
		return failed(path, err)
	}
	err = fill(named{f, path})
	if closeErr := f.Close(); err == nil {
		err = failed(path, closeErr)
	}
	return err
}

// replace puts a new file in the place of target, which errors call path.
func replace(path, target string, open opener, fill func(file) error) error {
	temporary := temporaryName(target)
	// The name is new: a file that exists is not this process's to overwrite.
	f, err := open(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return failed(path, err)
	}
	err = fill(named{f, path})
	if err == nil {
		err = failed(path, f.Sync())
	}
	if closeErr := f.Close(); err == nil {
		err = failed(path, closeErr)
	}
	if err == nil {
		err = failed(path, os.Rename(temporary, target))
	}
	if err != nil {
		_ = os.Remove(temporary) // the first error is the one to tell
		return err
	}
	return failed(path, syncDirectory(filepath.Dir(target)))
}

// follow returns the file that path names through symbolic links, whether or not
// it exists. [os.Stat] has seen that they lead somewhere.
func follow(path string) string {
	for {
		target, err := os.Readlink(path)
		if err != nil { // no link
			return path
		}
		if !filepath.IsAbs(target) {
			// Not filepath.Join: dir/.. is not here if dir is a link.
			dir, _ := filepath.Split(path)
			target = dir + target
		}
		path = target
	}
}

// named is a file whose errors name another path than its own.
type named struct {
	file
	path string
}

func (n named) Write(p []byte) (int, error) {
	count, err := n.file.Write(p)
	return count, failed(n.path, err)
}

func (n named) WriteAt(p []byte, offset int64) (int, error) {
	count, err := n.file.WriteAt(p, offset)
	return count, failed(n.path, err)
}

// failed says what happened to the file at path, if there is an error.
func failed(path string, err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	} else if e, ok := errors.AsType[*os.LinkError](err); ok {
		err = e.Err
	}
	return &fs.PathError{Op: "write", Path: path, Err: Advise(err)}
}
