package dataset

import "github.com/sphereface-go/sphereface/internal/face"

// AtLeast returns the set of the people with at least so many images. The others
// are counted in LeftOut; nobody may be left.
func (s *Set) AtLeast(images int) (*Set, error) {
	count := make([]int, len(s.People))
	for _, img := range s.Images {
		count[img.Person]++
	}
	kept, err := s.filter(func(i int) bool { return count[s.Images[i].Person] >= images })
	if err != nil {
		return nil, err
	}
	kept.LeftOut += len(s.People) - len(kept.People)
	return kept, nil
}

// WithFaces returns the set without the photos in which no face was found, and
// without the people who have fewer than minImages others. These are counted in
// LeftOut; nobody may be left. Images keep their numbers, so that pair lists mean
// the same by them.
func (s *Set) WithFaces(minImages int) (*Set, error) {
	some, err := s.filter(func(i int) bool { return !s.Images[i].NoFace })
	if err != nil {
		return nil, err
	}
	some.LeftOut += len(s.People) - len(some.People)
	return some.AtLeast(minImages)
}

// filter returns the set of the images that keep selects and of the people who have
// one of them, labelled anew in the same order.
func (s *Set) filter(keep func(i int) bool) (*Set, error) {
	var people []string
	var images []Image
	var source []int
	last := -1
	for i, img := range s.Images {
		if !keep(i) {
			continue
		}
		if img.Person != last {
			last = img.Person
			people = append(people, s.People[last])
		}
		img.Person = len(people) - 1
		images, source = append(images, img), append(source, i)
	}
	sub, err := NewSet(people, images, nil)
	if err != nil {
		return nil, err
	}
	sub.view = func(i int, scratch face.Crop) (face.Crop, error) { return s.view(source[i], scratch) }
	sub.Align, sub.LeftOut = s.Align, s.LeftOut
	return sub, nil
}
