package dataset

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/readfile"
)

// maxList bounds the bytes of one of LFW's lists, of which the longest has 150 thousand.
const maxList = 1 << 24

// inventory is what a folder or an archive holds.
type inventory struct {
	images map[Ref]bool
	counts map[string]int // images by person
	lists  map[string][]byte
}

func (e edition) takeInventory(ctx context.Context, r *Report) (inventory, error) {
	found := inventory{map[Ref]bool{}, map[string]int{}, map[string][]byte{}}
	root := r.Root
	source, listFolders := root, []string{filepath.Dir(filepath.Clean(root))}
	if info, err := os.Stat(root); err == nil && info.IsDir() {
		dir, err := imageRoot(root)
		if err != nil {
			return found, err
		}
		source, listFolders = dir, listCandidates(root, dir)
	} else {
		r.Archive = unpackName(root)
	}
	bad := 0
	err := walkSource(ctx, source, func(name string, content io.Reader) error {
		if e.has(path.Base(name)) {
			var err error
			found.lists[path.Base(name)], err = readfile.All(content, name, maxList)
			if _, long := errors.AsType[*readfile.TooLongError](err); long {
				return fmt.Errorf("dataset: %s: %w", source, err)
			}
			return err
		}
		ref, ok := lfwEntry(name)
		if !ok {
			return nil
		}
		if found.images[ref] {
			return fmt.Errorf("dataset: %s: holds %s.jpg twice; remove the copy in %s", source, ref, path.Dir(path.Dir(name)))
		}
		problem, err := checkImage(content)
		if err != nil {
			return err
		}
		if problem == "" {
			found.images[ref] = true
			found.counts[ref.Name]++
			return nil
		}
		if bad++; bad <= maxProblems {
			r.Problems = append(r.Problems, fmt.Sprintf("%s: %s; get it again", name, problem))
		}
		return nil
	})
	if err != nil {
		return found, err
	}
	for _, o := range e.lists {
		for _, dir := range listFolders {
			if _, ok := found.lists[o.name]; ok {
				break
			}
			data, err := readfile.AtMost(filepath.Join(dir, o.name), maxList)
			if err == nil {
				found.lists[o.name] = data
			} else if !errors.Is(err, fs.ErrNotExist) {
				return found, fmt.Errorf("dataset: %w", err)
			}
		}
	}
	return found, nil
}

// checkImage returns what is wrong with an image of LFW, or "".
func checkImage(r io.Reader) (string, error) {
	data, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return "", err
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	switch {
	case len(data) == 0:
		return "the file is empty", nil
	case err != nil:
		return "not a JPEG image", nil
	case config.Width != lfwSide || config.Height != lfwSide:
		return fmt.Sprintf("%d×%d pixels instead of %d×%d", config.Width, config.Height, lfwSide, lfwSide), nil
	case !bytes.HasSuffix(data, []byte("\xff\xd9")):
		return "the image is cut short", nil
	}
	return "", nil
}

// lfwEntry tells whether a path is that of an image of LFW, NAME/NAME_0001.jpg
// below any folder.
func lfwEntry(name string) (Ref, bool) {
	dir, file := path.Split(name)
	person := path.Base(dir)
	n, ok := numberInName(person, file)
	return Ref{person, n}, ok && checkName(person) == nil && path.Ext(file) == ".jpg"
}
