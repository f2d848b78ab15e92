package dataset

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/face"
)

// knownCrops are the crops that are in a folder of caches already, by what their
// photos held: those of this set before some photos have changed, of other sets
// with photos in common, of the same photos elsewhere, and what a process that was
// stopped or killed had made.
type knownCrops struct {
	files []*cropFile
	at    map[content]knownCrop
}

type knownCrop struct {
	file *cropFile
	i    int
}

// isCropFile reports whether a file's name is that of a cache, see Set.cachePath, or
// of one that was not finished.
func isCropFile(name string) bool {
	if of, ok := atomicfile.TemporaryOf(name); ok {
		name = of
	}
	return strings.HasPrefix(name, "crops-") && strings.HasSuffix(name, ".bin")
}

// openKnown passes over what cannot be read, as it only saves work. The caller
// closes what it returns.
func openKnown(dir string, settings cropSettings) *knownCrops {
	k := &knownCrops{at: map[content]knownCrop{}}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if !e.Type().IsRegular() || !isCropFile(e.Name()) {
			continue
		}
		f, err := openCropFile(filepath.Join(dir, e.Name()), settings)
		if err != nil {
			continue
		}
		k.files = append(k.files, f)
		for i := range f.n {
			if f.state(i) != cropMissing {
				k.at[f.content(i)] = knownCrop{f, i}
			}
		}
	}
	return k
}

// find returns the crop of a photo by its content, in scratch.
func (k *knownCrops) find(c content, scratch face.Crop) (aligned, bool) {
	at, ok := k.at[c]
	if !ok {
		return aligned{}, false
	}
	crop, err := at.file.crop(at.i, scratch)
	if err != nil {
		return aligned{}, false
	}
	return aligned{crop, at.file.state(at.i), c}, true
}

func (k *knownCrops) close() {
	for _, f := range k.files {
		f.Close()
	}
}
