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
	"strings"
)

// Report is what CheckLFW found.
type Report struct {
	Root       string       // the folder or archive that was checked
	People     int          // with at least one image
	Images     int          // whole JPEG files of 250×250 pixels
	WantPeople int          // as LFW's authors publish it
	WantImages int          // as LFW's authors publish it
	Lists      []ListReport // LFW's six lists, in a fixed order
	Problems   []string     // empty if all is as LFW's authors publish it
}

// ListReport is one list that CheckLFW looked for.
type ListReport struct {
	Name  string
	Found bool
	Count string // "4038 people, 9525 images" or "10 folds, 6000 pairs"
}

// maxProblems bounds the problems that a report lists of each kind.
const maxProblems = 10

// String returns the report for people to read, a line for each count, list and
// problem.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "LFW in %s\n", r.Root)
	fmt.Fprintf(&b, "  images              %d of %d\n", r.Images, r.WantImages)
	fmt.Fprintf(&b, "  people              %d of %d\n", r.People, r.WantPeople)
	for _, l := range r.Lists {
		fmt.Fprintf(&b, "  %-19s %s\n", l.Name, l.Count)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "  problem: %s\n", p)
	}
	return b.String()
}

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
	}
	bad := 0
	err := walkSource(ctx, source, func(name string, content io.Reader) error {
		if e.has(path.Base(name)) {
			var err error
			found.lists[path.Base(name)], err = io.ReadAll(content)
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
			data, err := os.ReadFile(filepath.Join(dir, o.name))
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

// checkList adds what it finds about one list to the report.
func (r *Report) checkList(o officialList, official []byte, found inventory) {
	report := ListReport{Name: o.name, Count: "missing"}
	defer func() { r.Lists = append(r.Lists, report) }()
	data, ok := found.lists[o.name]
	if !ok {
		r.Problems = append(r.Problems, fmt.Sprintf("the list %s is missing; get it from %s, or let --fetch write it", o.name, lfwSite))
		return
	}
	report.Found = true
	check := checkPairs
	if o.people > 0 {
		check = checkPeople
	}
	count, absent, err := check(o.name, data, found)
	if err != nil {
		report.Count = "damaged"
		r.Problems = append(r.Problems, strings.TrimPrefix(err.Error(), "dataset: "))
		return
	}
	report.Count = count
	if !bytes.Equal(canonical(data), canonical(official)) {
		r.Problems = append(r.Problems, fmt.Sprintf("the list %s differs from the official one; remove it and let --fetch write it", o.name))
	}
	if len(absent) > maxProblems {
		absent = append(absent[:maxProblems], fmt.Sprintf("%s: %d more entries without their images", o.name, len(absent)-maxProblems))
	}
	r.Problems = append(r.Problems, absent...)
}

// checkPeople returns what a people list holds and which entries have other
// images than it says.
func checkPeople(name string, data []byte, found inventory) (count string, absent []string, err error) {
	list, err := ParsePeople(bytes.NewReader(data), name)
	if err != nil {
		return "", nil, err
	}
	for _, p := range list.People {
		if found.counts[p.Name] != p.Images {
			absent = append(absent, fmt.Sprintf("%s:%d: %s has %d images by the list, %d are here", name, p.Line, p.Name, p.Images, found.counts[p.Name]))
		}
	}
	return fmt.Sprintf("%d people, %d images", len(list.People), list.Images()), absent, nil
}

// checkPairs returns what a pair list holds and which of its images are absent.
func checkPairs(name string, data []byte, found inventory) (count string, absent []string, err error) {
	list, err := ParsePairs(bytes.NewReader(data), name)
	if err != nil {
		return "", nil, err
	}
	for i, p := range list.Pairs {
		for _, ref := range []Ref{p.A, p.B} {
			if !found.images[ref] {
				absent = append(absent, fmt.Sprintf("%s:%d: image %s is not here", name, i+2, ref))
			}
		}
	}
	if list.Folds == 1 {
		return fmt.Sprintf("%d pairs", len(list.Pairs)), absent, nil
	}
	return fmt.Sprintf("%d folds, %d pairs", list.Folds, len(list.Pairs)), absent, nil
}
