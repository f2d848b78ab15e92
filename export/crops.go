package main

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/dataset/synthetic"
	"github.com/sphereface-go/sphereface/internal/face"
)

// crops are real faces to compare on.
type crops struct {
	x      []float32 // n crops as the network takes them
	n      int
	origin string // in words
}

// realCount is how many real faces are compared on, where there are so many.
const realCount = 4

func (c *crops) add(crop face.Crop) {
	c.x = slices.Grow(c.x, face.CropSize)[:len(c.x)+face.CropSize]
	crop.Tensor(c.x[c.n*face.CropSize:], false)
	c.n++
}

// realCrops takes the faces in the user's folder, or some of the run's data, or
// synthetic ones where the data is not at hand, and says why it is not.
func (e exporter) realCrops(t trained) (crops, error) {
	align := face.Alignment(t.config.Data.Align)
	if e.crops != "" {
		c, err := folderCrops(e.crops, align)
		if err != nil {
			return crops{}, fmt.Errorf("--crops: %w", err)
		}
		return c, nil
	}
	if t.config.Data.Source == "synthetic" {
		return syntheticCrops(t.config.Seed, "the run's synthetic faces"), nil
	}
	c, err := folderCrops(t.config.Data.Root, align)
	if err != nil {
		return syntheticCrops(t.config.Seed, fmt.Sprintf("synthetic faces, as the run's data cannot be used here (%v)", err)), nil
	}
	return c, nil
}

// folderCrops reads one image of each of the first folders below dir, or the
// first images of a folder that holds no others.
func folderCrops(dir string, align face.Alignment) (crops, error) {
	var first, others []string // of a folder
	last := ""
	// A link to a folder is followed if a separator comes after it.
	err := filepath.WalkDir(dir+string(filepath.Separator), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if len(first) == realCount {
			return fs.SkipAll
		}
		if entry.IsDir() || !face.HasImageExtension(path) {
			return nil
		}
		if folder := filepath.Dir(path); folder != last {
			first, last = append(first, path), folder
		} else if len(others) < realCount {
			others = append(others, path)
		}
		return nil
	})
	if err != nil {
		return crops{}, fmt.Errorf("%s: %w; check the path", dir, cause(err))
	}
	paths := append(first, others...)
	if len(paths) == 0 {
		return crops{}, fmt.Errorf("%s: holds no %s file; name a folder that does", dir, strings.Join(face.Extensions(), ", "))
	}
	c := crops{origin: "the photos in " + dir}
	for _, path := range paths[:min(realCount, len(paths))] {
		// Whether it shows a face makes no difference to the arithmetic.
		crop, _, err := align.ReadCropOrFixed(context.Background(), path)
		if err != nil {
			return crops{}, err
		}
		c.add(crop)
	}
	return c, nil
}

// syntheticCrops draws one face each of the first people of a seed.
func syntheticCrops(seed uint64, origin string) crops {
	g := synthetic.New(seed)
	c := crops{origin: origin}
	for person := range realCount {
		c.add(g.Crop(person, 0))
	}
	return c
}
