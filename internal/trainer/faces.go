package trainer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"

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

	// NoFace are the photos in which no face was found: they are in neither set, or
	// have the crop of face.AlignFixed, as the config says.
	NoFace []string
	Poor   []string // photos whose face is of poor quality; they are used all the same
	Photos int      // that were looked at
	// LeftOut is the number of people with too few images.
	LeftOut  int
	Excluded int // people whom the config's list leaves out
	Unknown  int // names in that list that are nobody's

	all *dataset.Set // of both sets and of what was left out
}

// inMemory is the cache of a config that keeps nothing on disk.
const inMemory = "memory"

// SkipNoFace is the config's data.no_face with which photos without a face are left out.
const SkipNoFace = "skip"

// mostInMemory bounds the drawn faces that are held in memory, in images of
// 32 KB; more are drawn anew each time.
const mostInMemory = 50_000

// OpenFaces opens the data of a config and aligns all images, unless they are
// in the cache. progress may be nil.
func OpenFaces(ctx context.Context, c config.Config, progress dataset.Progress) (*Faces, error) {
	set, name, err := openSet(c)
	if err != nil {
		return nil, err
	}
	set, excluded, unknown, err := exclude(set, c.Data.Exclude)
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
	f := &Faces{Name: name, Photos: set.Len(), Excluded: excluded, Unknown: unknown, all: set}
	for _, img := range set.Images {
		if img.NoFace {
			f.NoFace = append(f.NoFace, img.Path)
		}
		if img.Poor {
			f.Poor = append(f.Poor, img.Path)
		}
	}
	if err := f.divide(c); err != nil {
		_ = f.Close() // nothing is written through it
		return nil, err
	}
	return f, nil
}

// divide holds people out, and leaves out photos without a face if the config says
// so. In this order, so that it does not depend on the finding of faces who is held
// out.
func (f *Faces) divide(c config.Config) error {
	var err error
	if f.Train, f.Held, err = f.all.Split(c.Data.Holdout, c.Seed); err != nil {
		return err
	}
	if c.Data.NoFace == SkipNoFace && len(f.NoFace) > 0 {
		if f.Train, err = f.Train.WithFaces(c.Data.MinImages); err != nil {
			return err
		}
		if f.Held, err = f.Held.WithFaces(c.Data.MinImages); err != nil {
			return err
		}
	}
	f.LeftOut = f.all.LeftOut + len(f.all.People) - len(f.Train.People) - len(f.Held.People)
	if f.Train.Len() == 0 {
		least := "a photo with a face"
		if n := c.Data.MinImages; n > 1 {
			least = fmt.Sprintf("%d photos with a face", n)
		}
		return fmt.Errorf("trainer: nobody to train on has %s (none was found in %d of all %d): lower data.min_images, or set data.no_face or data.align to fixed",
			least, len(f.NoFace), f.Photos)
	}
	return nil
}

// Hash tells these people and images, those held out among them, from any others:
// it covers the names of the people, the numbers and the file names of their
// images, which of these have no face and which people are held out, but not the
// folder and not the pixels.
func (f *Faces) Hash() string {
	h := sha256.New()
	for _, set := range []*dataset.Set{f.Train, f.Held} {
		if set == nil {
			continue
		}
		fmt.Fprintln(h, len(set.People), set.Len())
		for _, img := range set.Images {
			fmt.Fprintf(h, "%q %d %q", set.People[img.Person], img.Number, filepath.Base(img.Path))
			if img.NoFace {
				fmt.Fprint(h, " no face")
			}
			fmt.Fprintln(h)
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
		set, err := lfw.Set(dataset.SplitName(d.Split), d.Fold, align)
		if err != nil {
			return nil, "", err
		}
		if set, err = set.AtLeast(d.MinImages); err == nil && set.Len() == 0 {
			err = fmt.Errorf("trainer: nobody has %d images: lower data.min_images", d.MinImages)
		}
		return set, dataset.SplitName(d.Split).Title(d.Fold), err
	case "folder":
		set, err := dataset.Folder(d.Root, d.MinImages, align)
		return set, "folder " + filepath.Base(d.Root), err
	case "synthetic":
		set, err := syntheticSet(d.People, d.Images, c.Seed)
		return set, "synthetic faces", err
	}
	return nil, "", fmt.Errorf("trainer: data source %q is not known", d.Source)
}

// exclude leaves out the people of a list, if there is one, and counts them and the
// names that are nobody's.
func exclude(set *dataset.Set, list string) (kept *dataset.Set, excluded, unknown int, err error) {
	if list == "" {
		return set, 0, 0, nil
	}
	names, err := dataset.ReadNames(list)
	if err != nil {
		return nil, 0, 0, err
	}
	slices.Sort(names)
	names = slices.Compact(names)
	kept, n, err := set.Without(names)
	switch {
	case err != nil:
		return nil, 0, 0, err
	case n == 0:
		// A list of another data set would silently leave the test's people in.
		return nil, 0, 0, fmt.Errorf("trainer: data.exclude: none of the %d names in %s is a person of the data; names are those of their folders", len(names), list)
	case kept.Len() == 0:
		return nil, 0, 0, fmt.Errorf("trainer: data.exclude: %s leaves nobody", list)
	}
	return kept, n, len(names) - n, nil
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
