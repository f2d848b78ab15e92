package dataset

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
)

// visitFile is called with each file of a tree: its path with slashes, relative
// to the tree, and its content.
type visitFile func(name string, r io.Reader) error

// walkSource visits the files of a folder or of a .tgz, .tar.gz, .tar or .zip
// archive.
func walkSource(ctx context.Context, source string, visit visitFile) error {
	checked := func(name string, r io.Reader) error {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("dataset: %s: the check was stopped: %w", source, err)
		}
		return visit(name, r)
	}
	info, err := os.Stat(source)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("dataset: %s: %w", source, missing("no such folder or archive; check the path, get LFW from "+lfwSite+", or let --fetch get it"))
	} else if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	switch {
	case info.IsDir():
		err = walkFolder(source, checked)
	case !info.Mode().IsRegular():
		return notAnArchive(source)
	case strings.HasSuffix(source, ".zip"):
		err = walkZip(source, checked)
	case isTar(source):
		err = walkTar(source, checked)
	default:
		return notAnArchive(source)
	}
	if !info.IsDir() && isDamage(err) {
		return fmt.Errorf("dataset: %s: the archive is damaged or cut short; get it again: %w", source, err)
	}
	return err
}

func notAnArchive(source string) error {
	return fmt.Errorf("dataset: %s: neither a folder nor a .tgz, .tar.gz, .tar or .zip archive; name one that holds LFW", source)
}

// isDamage reports whether the error of a read says that an archive is not what
// it claims to be.
func isDamage(err error) bool {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) {
		return true
	}
	for _, e := range []error{io.EOF, io.ErrUnexpectedEOF, gzip.ErrHeader, gzip.ErrChecksum, tar.ErrHeader, zip.ErrFormat, zip.ErrChecksum, zip.ErrAlgorithm} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// archiveEndings are those of the archives that walkSource reads.
var archiveEndings = []string{".tgz", ".tar.gz", ".tar", ".zip"}

func isTar(name string) bool {
	return strings.HasSuffix(name, ".tgz") || strings.HasSuffix(name, ".tar.gz") || strings.HasSuffix(name, ".tar")
}

// walkFolder follows links to files and to folders, as training does, but none within a
// folder that a link has led to: links may go round in a circle.
func walkFolder(root string, visit visitFile) error { return walkLinked(root, root, true, visit) }

func walkLinked(root, dir string, follow bool, visit visitFile) error {
	// A link to a folder is followed if a separator comes after it.
	return filepath.WalkDir(dir+string(filepath.Separator), func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return unreadable(name, err)
		}
		mode := e.Type()
		if mode&fs.ModeSymlink != 0 {
			info, err := os.Stat(name)
			switch {
			case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ELOOP):
				return nil // it leads nowhere, or to itself
			case err != nil:
				return unreadable(name, err)
			case info.IsDir() && follow:
				return walkLinked(root, name, false, visit)
			}
			mode = info.Mode()
		}
		if !mode.IsRegular() {
			return nil
		}
		f, err := os.Open(name)
		if err != nil {
			return unreadable(name, err)
		}
		defer f.Close()
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		return visit(filepath.ToSlash(rel), f)
	})
}

func walkZip(name string, visit visitFile) error {
	z, err := zip.OpenReader(name)
	if err != nil {
		return err
	}
	defer z.Close()
	for _, entry := range z.File {
		if !entry.Mode().IsRegular() {
			continue
		}
		f, err := entry.Open()
		if err != nil {
			return err
		}
		err = visit(entry.Name, f)
		f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func walkTar(name string, visit visitFile) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	var r io.Reader = bufio.NewReaderSize(f, 1<<20)
	if !strings.HasSuffix(name, ".tar") {
		if r, err = gzip.NewReader(r); err != nil {
			return err
		}
	}
	t := tar.NewReader(r)
	for {
		entry, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if entry.Typeflag != tar.TypeReg {
			continue
		}
		if err := visit(path.Clean(entry.Name), t); err != nil {
			return err
		}
	}
}
