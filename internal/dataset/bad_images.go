package dataset

import (
	"fmt"
	"io"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// badImages is the error of images that cannot be used, one line.
type badImages struct {
	of    int      // images in all
	names []string // of the bad ones, in the order of the images
	errs  []error  // one a name
	list  string   // the file that lists them, or ""
}

// maxNamed bounds the images that the error names.
const maxNamed = 3

// badList is the file in the cache's folder that lists more of them.
const badList = "bad-images.txt"

// badImages returns the error of the images by their index, a *badImages, or nil if
// there are none.
func (s *Set) badImages(bad map[int]error) error {
	b := &badImages{of: s.Len()}
	for i, img := range s.Images {
		err, ok := bad[i]
		switch {
		case !ok:
			continue
		case img.Path == "":
			b.names = append(b.names, s.Ref(i).String())
		default:
			b.names = append(b.names, img.Path)
		}
		b.errs = append(b.errs, err)
	}
	if len(b.errs) == 0 {
		return nil
	}
	return b
}

func (b *badImages) Error() string {
	if len(b.errs) == 1 {
		return b.errs[0].Error()
	}
	others := b.names[1:min(len(b.names), maxNamed)]
	more := ""
	if n := len(b.names) - maxNamed; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	if b.list != "" {
		more += ", all listed in " + b.list
	}
	return fmt.Sprintf("dataset: %d of %d images cannot be used, the first %s; also %s%s",
		len(b.names), b.of, withoutPackage(b.errs[0]), strings.Join(others, ", "), more)
}

func (b *badImages) Unwrap() []error { return b.errs }

// listed writes all of them to a file, a line each, if the error does not name
// them. That file is a help: where it cannot be written the error goes without.
func (b *badImages) listed(path string) *badImages {
	if len(b.names) <= maxNamed {
		return b
	}
	err := atomicfile.Write(path, func(w io.Writer) error {
		for _, err := range b.errs {
			if _, err := fmt.Fprintln(w, withoutPackage(err)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		b.list = path
	}
	return b
}

// withoutPackage returns the text of an image's error, which starts with the name
// of the image then.
func withoutPackage(err error) string {
	return strings.TrimPrefix(strings.TrimPrefix(err.Error(), "dataset: "), "face: ")
}
