package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// unpackPattern names the folder that holds images until all are there.
const unpackPattern = ".unpack-*"

// removeLeftovers removes what a killed process had unpacked.
func removeLeftovers(root string) error {
	old, err := filepath.Glob(filepath.Join(root, unpackPattern))
	if err != nil {
		return fmt.Errorf("dataset: %w", err)
	}
	for _, dir := range old {
		if err := os.RemoveAll(dir); err != nil {
			return fmt.Errorf("dataset: %w", err)
		}
	}
	return nil
}

// localArchive finds an archive of the images that the user has put into root.
func (f *fetcher) localArchive(root string) (path, folder string, ok bool) {
	for _, r := range f.remotes {
		base := strings.TrimSuffix(r.file, ".tgz")
		for _, name := range []string{r.file, base + ".tar.gz", base + ".tar", base + ".zip", r.folder + ".zip"} {
			path := filepath.Join(root, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				return path, r.folder, true
			}
		}
	}
	return "", "", false
}

// unpack writes the images of an archive to root/folder, all or none. Paths in
// the archive decide nothing but the name of the person and the image.
func (f *fetcher) unpack(ctx context.Context, archive, root, folder string) (err error) {
	temp, err := os.MkdirTemp(root, unpackPattern)
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
	if err := os.Rename(temp, filepath.Join(root, folder)); err != nil {
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
