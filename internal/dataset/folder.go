package dataset

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Folder reads a tree with a folder of images per person. People are ordered by
// name. Those with fewer images than minImages are left out and counted in
// LeftOut; a folder without any image is an error, because it usually means that
// the root is wrong. Files that are no images, and names that start with a dot,
// are ignored.
//
// An image's number among its person's is that in its name if all of the folder's
// images are named as LFW's are, NAME_0001.jpg and so on; otherwise the n-th
// file in the order of the names' bytes has number n.
func Folder(root string, minImages int, align face.Alignment) (*Set, error) {
	if minImages < 1 {
		return nil, fmt.Errorf("dataset: at least %d images a person are asked for; give 1 or more", minImages)
	}
	dir, err := imageRoot(root)
	if err != nil {
		return nil, err
	}
	names, err := subfolders(dir)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("dataset: %s: has no folders; give the folder that holds one folder of images per person", dir)
	}
	var people []string
	var images []Image
	leftOut := 0
	for _, name := range names {
		// Lists of pairs name the people as their folders are named.
		if err := checkName(name); err != nil {
			return nil, fmt.Errorf("dataset: %s: %w, so that no list can name the person; rename the folder", dir, err)
		}
		list, err := personImages(dir, name)
		if err != nil {
			return nil, err
		}
		if len(list) < minImages {
			leftOut++
			continue
		}
		for i := range list {
			list[i].Person = len(people)
		}
		people, images = append(people, name), append(images, list...)
	}
	if len(people) == 0 {
		return nil, fmt.Errorf("dataset: %s: none of its %d people has %d images; ask for fewer", dir, leftOut, minImages)
	}
	s, err := photoSet(people, images, align)
	if err != nil {
		return nil, err
	}
	s.LeftOut = leftOut
	return s, nil
}

// personImages returns the images of the person whose folder is dir/name, in the
// order of their numbers.
func personImages(dir, name string) ([]Image, error) {
	folder := filepath.Join(dir, name)
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("dataset: %s: %w", folder, missing("no folder of that name; check the list and the folder of images"))
	} else if err != nil {
		return nil, unreadable(folder, err)
	}
	var images []Image
	named, deeper := true, false
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		path := filepath.Join(folder, e.Name())
		if isFolder(path, e) {
			deeper = true
			continue
		}
		if !face.HasImageExtension(e.Name()) {
			if ext := strings.ToLower(filepath.Ext(e.Name())); slices.Contains(foreignExtensions, ext) {
				return nil, fmt.Errorf("dataset: %s: %s images are not read; convert it to JPEG, PNG, WebP or BMP, or remove it", path, ext[1:])
			}
			continue
		}
		if what, ok := irregular(path, e); ok {
			return nil, fmt.Errorf("dataset: %s: is %s and no image; remove it", path, what)
		}
		n, ok := numberInName(name, e.Name())
		named = named && ok
		images = append(images, Image{Path: path, Number: n})
	}
	if len(images) == 0 {
		if deeper {
			return nil, fmt.Errorf("dataset: %s: has folders but no images; give the folder that holds one folder of images per person", folder)
		}
		return nil, fmt.Errorf("dataset: %s: a person with no image; add images or remove the folder", folder)
	}
	if !named {
		for i := range images {
			images[i].Number = i + 1
		}
		return images, nil
	}
	slices.SortStableFunc(images, func(a, b Image) int { return a.Number - b.Number })
	for i := range images[1:] {
		if images[i].Number == images[i+1].Number {
			return nil, fmt.Errorf("dataset: %s and %s have the same number; remove or rename one", images[i].Path, images[i+1].Path)
		}
	}
	return images, nil
}

// foreignExtensions are those of images that people have and that are not read:
// passing over them in silence would drop a person's photos.
var foreignExtensions = []string{".gif", ".heic", ".heif", ".avif", ".jxl", ".jp2", ".tif", ".tiff", ".jfif", ".ppm", ".pgm"}

// numberInName returns n of a file named NAME_n.EXT with at least four digits.
func numberInName(person, file string) (int, bool) {
	digits, ok := strings.CutPrefix(strings.TrimSuffix(file, filepath.Ext(file)), person+"_")
	if !ok || len(digits) < 4 {
		return 0, false
	}
	return parseCount(digits)
}

// subfolders returns the names of the folders in dir, in the order of their
// bytes, without those that start with a dot.
func subfolders(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, unreadable(dir, err)
	}
	var names []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && isFolder(filepath.Join(dir, e.Name()), e) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// irregular reports whether an entry that is no folder is no regular file either,
// such as a pipe, and what it is. It follows a symbolic link; one that leads
// nowhere is left to those who open it.
func irregular(path string, e fs.DirEntry) (what string, ok bool) {
	mode := e.Type()
	if mode&fs.ModeSymlink != 0 {
		info, err := os.Stat(path)
		if err != nil {
			return "", false
		}
		mode = info.Mode()
	}
	return face.Irregular(mode), !mode.IsRegular()
}

// isFolder follows a symbolic link.
func isFolder(path string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
