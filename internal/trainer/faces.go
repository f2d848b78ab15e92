package trainer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/dataset/synthetic"
	"github.com/sphereface-go/sphereface/internal/face"
)

// Faces are the people of a run: those to train on and those held out.
type Faces struct {
	Train *dataset.Set
	Held  *dataset.Set // empty if nobody is held out
	Name  string       // of the data, in words
	all   *dataset.Set
}

// inMemory is the cache of a config that keeps nothing on disk.
const inMemory = "memory"

// mostInMemory bounds the drawn faces that are held in memory, in images of
// 32 KB; more are drawn anew each time.
const mostInMemory = 50_000

// OpenFaces opens the data of a config and aligns all images, unless they are
// in the cache. progress, if not nil, is told how many images are aligned.
func OpenFaces(ctx context.Context, c config.Config, progress func(done, total int)) (*Faces, error) {
	set, name, err := openSet(c)
	if err != nil {
		return nil, err
	}
	o := dataset.CacheOptions{Dir: c.Data.Cache, Progress: progress}
	switch {
	case set.Align != "" && c.Data.Cache != inMemory:
		set, err = set.Cached(ctx, o)
	case set.Align != "" || set.Len() <= mostInMemory:
		set, err = set.InMemory(ctx, o)
	}
	if err != nil {
		return nil, err
	}
	train, held, err := set.Split(c.Data.Holdout, c.Seed)
	if err != nil {
		return nil, err
	}
	return &Faces{Train: train, Held: held, Name: name, all: set}, nil
}

// Hash tells these people and images, those held out among them, from any others:
// it covers the names of the people, the numbers and the file names of their
// images and which people are held out, but not the folder and not the pixels.
func (f *Faces) Hash() string {
	h := sha256.New()
	for _, set := range []*dataset.Set{f.Train, f.Held} {
		if set == nil {
			continue
		}
		fmt.Fprintln(h, len(set.People), set.Len())
		for _, img := range set.Images {
			fmt.Fprintf(h, "%q %d %q\n", set.People[img.Person], img.Number, filepath.Base(img.Path))
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Close closes the cache.
func (f *Faces) Close() error { return f.all.Close() }

func openSet(c config.Config) (*dataset.Set, string, error) {
	d, align := c.Data, face.Alignment(c.Data.Align)
	switch d.Source {
	case "lfw":
		lfw, err := dataset.OpenLFW(d.Root)
		if err != nil {
			return nil, "", err
		}
		set, err := lfw.Set(dataset.SplitName(d.Split), align)
		if err != nil {
			return nil, "", err
		}
		set, err = atLeast(set, d.MinImages)
		return set, "LFW, " + d.Split, err
	case "folder":
		set, err := dataset.Folder(d.Root, d.MinImages, align)
		return set, "folder " + filepath.Base(d.Root), err
	case "synthetic":
		set, err := syntheticSet(d.People, d.Images, c.Seed)
		return set, "synthetic faces", err
	}
	return nil, "", fmt.Errorf("trainer: data source %q is not known", d.Source)
}

// syntheticSet draws people 0, 1, … of the seed's world.
func syntheticSet(people, images int, seed uint64) (*dataset.Set, error) {
	names := make([]string, people)
	for p := range names {
		names[p] = synthetic.Name(p)
	}
	world := synthetic.New(seed)
	return dataset.Generated(names, images, func(person, image int) (face.Crop, error) {
		return world.Crop(person, image), nil
	})
}

// atLeast leaves out the people with fewer images.
func atLeast(set *dataset.Set, images int) (*dataset.Set, error) {
	if images <= 1 {
		return set, nil
	}
	count := make([]int, len(set.People))
	for _, img := range set.Images {
		count[img.Person]++
	}
	var people []string
	var list []dataset.Image
	var source []int
	for i, img := range set.Images {
		if count[img.Person] < images {
			continue
		}
		if name := set.People[img.Person]; len(people) == 0 || people[len(people)-1] != name {
			people = append(people, name)
		}
		img.Person = len(people) - 1
		list, source = append(list, img), append(source, i)
	}
	if len(people) == 0 {
		return nil, fmt.Errorf("trainer: nobody has %d images: lower data.min_images", images)
	}
	kept, err := dataset.NewSet(people, list, func(i int) (face.Crop, error) { return set.Crop(source[i]) })
	if err != nil {
		return nil, err
	}
	kept.Align = set.Align
	kept.LeftOut = set.LeftOut + len(set.People) - len(people)
	return kept, nil
}

// LeftOut is the number of people with too few images.
func (f *Faces) LeftOut() int { return f.all.LeftOut }
