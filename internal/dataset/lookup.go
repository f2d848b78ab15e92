package dataset

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// lfwFolders are the names that LFW's archives give their folder of images, the
// better aligned first.
var lfwFolders = []string{"lfw-deepfunneled", "lfw_deepfunneled", "lfw-funneled", "lfw_funneled", "lfw"}

// imageRoot returns the folder that holds the folders of people: root, or LFW's
// folder of images in it.
func imageRoot(root string) (string, error) {
	info, err := os.Stat(root)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("dataset: %s: %w", root, missing("no such folder; check the path"))
	} else if err != nil {
		return "", unreadable(root, err)
	}
	if !info.IsDir() {
		return "", fmt.Errorf("dataset: %s: is not a folder; give the folder that holds one folder of images per person", root)
	}
	for _, name := range lfwFolders {
		dir := filepath.Join(root, name)
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return imageRoot(dir) // some archives have the folder twice
		}
	}
	return root, nil
}

// Lookup finds the images that pair lists name, in a tree with a folder per
// person. It reads each folder once, and is safe for concurrent use.
type Lookup struct {
	root   string
	mu     sync.Mutex
	people map[string]map[int]string
}

// NewLookup returns the lookup of the tree at root, which may also be the folder
// above LFW's folder of images (lfw-deepfunneled, lfw and the like).
func NewLookup(root string) (*Lookup, error) {
	dir, err := imageRoot(root)
	if err != nil {
		return nil, err
	}
	return &Lookup{root: dir, people: map[string]map[int]string{}}, nil
}

// Path returns the file of the image: NAME/NAME_%04d.EXT with the extension of
// any format that is read, or, where a person's images are not all named so, the
// n-th image file of the folder NAME in the order of the names' bytes. Folder
// numbers images by the same rule.
func (l *Lookup) Path(r Ref) (string, error) {
	if err := checkName(r.Name); err != nil {
		return "", fmt.Errorf("dataset: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	files, ok := l.people[r.Name]
	if !ok {
		images, err := personImages(l.root, r.Name)
		if err != nil {
			return "", err
		}
		files = make(map[int]string, len(images))
		for _, img := range images {
			files[img.Number] = img.Path
		}
		l.people[r.Name] = files
	}
	path, ok := files[r.Number]
	if !ok {
		return "", fmt.Errorf("dataset: %s: no image %d among its %d images; use the images that belong to the list", filepath.Join(l.root, r.Name), r.Number, len(files))
	}
	return path, nil
}
