package dataset

import (
	"context"
	"fmt"
)

// CheckLFW checks a folder of LFW, or an archive of it with the lists in it or
// beside it, against what its authors publish: 13,233 images of 5,749 people,
// each a whole JPEG of 250×250 pixels, and the six lists word for word. The
// report is as full as the data allows even if the error, which is one line, is
// not nil.
func CheckLFW(ctx context.Context, root string) (Report, error) {
	return lfwEdition().check(ctx, root)
}

func (e edition) check(ctx context.Context, root string) (Report, error) {
	r := Report{Root: root, WantPeople: e.people, WantImages: e.images}
	found, err := e.takeInventory(ctx, &r)
	if err != nil {
		return r, err
	}
	r.People, r.Images = len(found.counts), len(found.images)
	if r.Images != e.images || r.People != e.people {
		r.Problems = append(r.Problems, fmt.Sprintf("%d images of %d people instead of %d of %d; remove them and get them again from %s or with --fetch", r.Images, r.People, e.images, e.people, lfwSite))
	}
	for _, o := range e.lists {
		official, err := e.content(o.name)
		if err != nil {
			return r, err
		}
		r.checkList(o, official, found)
	}
	if n := len(r.Problems); n > 0 {
		more := ""
		if n > 1 {
			more = fmt.Sprintf(" (and %d more problems)", n-1)
		}
		return r, fmt.Errorf("dataset: LFW in %s is not complete: %s%s", root, r.Problems[0], more)
	}
	return r, nil
}
