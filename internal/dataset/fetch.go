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

// Progress is called while work goes on: stage is what is being done ("download
// lfw-deepfunneled.tgz", "preparing faces"), done and total count bytes of a
// download or else images, and total is 0 while it is not known.
type Progress func(stage string, done, total int64)

// FetchLFW makes root a complete folder of LFW and checks it, see CheckLFW. What
// is there already is kept. The lists are built in. The images come from an
// archive that lies in root, a .tgz, .tar.gz, .tar or .zip named after LFW's folder
// of images (lfw-deepfunneled.tgz, lfw.zip and so on), or else from the network: deep-funneled from LFW's authors, or
// funneled from the mirror that scikit-learn uses. A download that was cut off
// goes on where it stopped. Images appear in root whole or not at all.
func FetchLFW(ctx context.Context, root string, progress Progress) (Report, error) {
	return newFetcher(progress).fetch(ctx, root)
}

// remote is an archive of LFW that can be fetched.
type remote struct {
	file   string // published name
	folder string // of the images
	url    string
	sum    checksum
}

// remotes returns the archives, the better aligned first. The checksums are those
// of torchvision's datasets/lfw.py and of scikit-learn's datasets/_lfw.py.
func remotes() []remote {
	return []remote{
		{
			file: "lfw-deepfunneled.tgz", folder: "lfw-deepfunneled", url: lfwSite + "lfw-deepfunneled.tgz",
			sum: checksum{"md5", "68331da3eb755a505a502b5aacb3c201"},
		},
		{
			file: "lfw-funneled.tgz", folder: "lfw_funneled", url: "https://ndownloader.figshare.com/files/5976015",
			sum: checksum{"sha256", "b47c8422c8cded889dc5a13418c4bc2abbda121092b3533a83306f90d900100a"},
		},
	}
}

type fetcher struct {
	edition  edition
	remotes  []remote
	progress Progress
}

func newFetcher(progress Progress) *fetcher {
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	return &fetcher{lfwEdition(), remotes(), progress}
}

func (f *fetcher) fetch(ctx context.Context, root string) (Report, error) {
	if info, err := os.Stat(root); err == nil && !info.IsDir() {
		return Report{Root: root}, notAFolder(root)
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return Report{Root: root}, fmt.Errorf("dataset: %w", err)
	}
	if err := f.fetchImages(ctx, root); err != nil {
		return Report{Root: root}, err
	}
	if err := f.writeLists(root); err != nil {
		return Report{Root: root}, err
	}
	f.progress("check", 0, 0)
	return f.edition.check(ctx, root)
}

// writeLists writes the lists that are missing.
func (f *fetcher) writeLists(root string) error {
	for _, o := range f.edition.lists {
		path := filepath.Join(root, o.name)
		if _, err := os.Stat(path); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("dataset: %w", err)
		}
		data, err := f.edition.content(o.name)
		if err != nil {
			return err
		}
		if err := atomicfile.Write(path, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
			return fmt.Errorf("dataset: %w", err)
		}
	}
	return nil
}

func (f *fetcher) fetchImages(ctx context.Context, root string) error {
	dir, err := imageRoot(root)
	if err != nil {
		return err
	}
	if here, err := holdsImages(dir); err != nil || here { // CheckLFW says what is missing
		return err
	}
	if err := removeLeftovers(root); err != nil {
		return err
	}
	if path, folder, ok := localArchive(root); ok {
		return f.unpack(ctx, path, root, folder)
	}
	var failed []string
	for _, r := range f.remotes {
		path := filepath.Join(root, r.file)
		stage := "download " + r.file
		err := download(ctx, r.url, path, r.sum, func(done, total int64) { f.progress(stage, done, total) })
		if err == nil {
			if err := f.unpack(ctx, path, root, r.folder); err != nil {
				return err
			}
			return os.Remove(path)
		}
		if ctx.Err() != nil {
			return fmt.Errorf("dataset: fetch LFW: stopped; run it again to go on: %w", ctx.Err())
		}
		if errors.Is(err, errDisk) {
			return err
		}
		failed = append(failed, fmt.Sprintf("%s: %v", r.url, err))
	}
	return fmt.Errorf("dataset: LFW cannot be fetched (%s); put %s into %s by other means and run it again", strings.Join(failed, "; "), f.remotes[0].file, root)
}

// holdsImages reports whether a folder in dir has an image of LFW.
func holdsImages(dir string) (bool, error) {
	folders, err := subfolders(dir)
	if err != nil {
		return false, err
	}
	for _, name := range folders {
		entries, err := os.ReadDir(filepath.Join(dir, name))
		if err != nil {
			return false, fmt.Errorf("dataset: %w", err)
		}
		for _, e := range entries {
			if _, ok := lfwEntry(name + "/" + e.Name()); ok {
				return true, nil
			}
		}
	}
	return false, nil
}
