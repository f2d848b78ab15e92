package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// unpackPrefix starts the name of the folder that holds images until all are there.
const unpackPrefix = ".unpack-"

// removeLeftovers removes what a killed process had unpacked.
func removeLeftovers(root string) error {
	entries, err := os.ReadDir(root)
	if err != nil {
		return unreadable(root, err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), unpackPrefix) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(root, e.Name())); err != nil {
			return fmt.Errorf("dataset: %w", err)
		}
	}
	return nil
}

// localArchive finds an archive of the images that the user has put into root,
// named after the folder that its images are to have, the better aligned first.
func localArchive(root string) (path, folder string, ok bool) {
	for _, folder := range lfwFolders {
		for _, ending := range archiveEndings {
			path := filepath.Join(root, folder+ending)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path, folder, true
			}
		}
	}
	return "", "", false
}

// unpackName returns the name by which localArchive finds an archive, its own if
// that will do, or "" for what is no archive by its name.
func unpackName(archive string) string {
	name := filepath.Base(archive)
	for _, ending := range archiveEndings {
		if folder, ok := strings.CutSuffix(name, ending); ok {
			if slices.Contains(lfwFolders, folder) {
				return name
			}
			return "lfw" + ending
		}
	}
	return ""
}

// notAFolder is the error of a file where the folder of LFW is due.
func notAFolder(root string) error {
	name := unpackName(root)
	switch name {
	case "":
		return fmt.Errorf("dataset: %s: is not a folder; give the folder of LFW", root)
	case filepath.Base(root):
		return fmt.Errorf("dataset: %s: is an archive; give its folder %s to the data command with --fetch, which unpacks it", root, filepath.Dir(root))
	}
	return fmt.Errorf("dataset: %s: is an archive; rename it to %s and give its folder %s to the data command with --fetch, which unpacks it", root, name, filepath.Dir(root))
}

// unpack writes the images of an archive to root/folder, all or none. Paths in
// the archive decide nothing but the name of the person and the image.
func (f *fetcher) unpack(ctx context.Context, archive, root, folder string) (err error) {
	temp, err := os.MkdirTemp(root, unpackPrefix+"*")
	if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	defer os.RemoveAll(temp)
	stage := "unpack " + filepath.Base(archive)
	people := map[string]bool{}
	images := 0
	err = walkSource(ctx, archive, func(name string, content io.Reader) error {
		ref, ok := lfwEntry(name)
		if !ok {
			return nil
		}
		dir := filepath.Join(temp, ref.Name)
		if !people[ref.Name] {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				return fmt.Errorf("dataset: %w", err)
			}
			people[ref.Name] = true
		}
		if err := copyNew(filepath.Join(dir, ref.String()+".jpg"), content); err != nil {
			return err
		}
		images++
		f.progress(stage, int64(images), int64(f.edition.images))
		return nil
	})
	if err != nil {
		return err
	}
	if images != f.edition.images || len(people) != f.edition.people {
		return fmt.Errorf("dataset: %s: holds %d images of %d people instead of %d of %d; remove it and get it again", archive, images, len(people), f.edition.images, f.edition.people)
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	target := filepath.Join(root, folder)
	if err := os.Rename(temp, target); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("dataset: %s: is there, but without images of LFW; move it away and run it again", target)
	} else if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	return nil
}

// copyNew writes a file that is not there yet. An error of r is returned as it
// is, so that walkSource can tell a damaged archive from a full disk.
func copyNew(path string, r io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(r, 16<<20))
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("dataset: the archive holds %s twice; get it again", filepath.Base(path))
	} else if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return fmt.Errorf("dataset: %w", atomicfile.Advise(err))
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	return nil
}
