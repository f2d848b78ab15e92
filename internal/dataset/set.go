package dataset

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Image is one image of a person.
type Image struct {
	Path   string // "" if the face is generated
	Person int    // index into Set.People, which is also the class label
	Number int    // the image's number among the person's, counted from 1, as pair lists have it
	// NoFace says that no face was found in the photo, whose crop is that of
	// face.AlignFixed then. Sets that Cached or InMemory has returned know it.
	NoFace bool
	// Poor says that the quality of the face is below face.PoorQuality. The same sets
	// know it.
	Poor bool
}

// Ref names an image as LFW's lists do: the person and the image's number,
// counted from 1.
type Ref struct {
	Name   string
	Number int
}

// String returns LFW's name of the image without its extension, such as
// "Aaron_Peirsol_0002".
func (r Ref) String() string { return fmt.Sprintf("%s_%04d", r.Name, r.Number) }

// Set is a list of people and of their images. Its crops come from a function,
// so that photos, cached crops and generated faces are used alike. A Set is not
// changed once made, and safe for concurrent use.
type Set struct {
	People []string // names, by label
	Images []Image  // ordered by label, then by number
	// Align is how crops are made of photos; "" for generated faces.
	Align face.Alignment
	// LeftOut is the number of people that the source has and the set has not,
	// because they have too few images.
	LeftOut int

	view   view
	closer io.Closer // the crop cache's file, or nil
	index  map[Ref]int
}

// view gives the crop of image i: in scratch, which may be empty, or wherever else
// it has it. The caller does not change the crop.
type view func(i int, scratch face.Crop) (face.Crop, error)

// NewSet makes a set of the people and images, whose crop function gives the
// aligned crop of image i and is safe for concurrent use. The images are ordered
// by person, every person has one, and no two have the same person and number.
func NewSet(people []string, images []Image, crop func(i int) (face.Crop, error)) (*Set, error) {
	s := &Set{People: people, Images: images, index: make(map[Ref]int, len(images))}
	s.view = func(i int, _ face.Crop) (face.Crop, error) { return crop(i) }
	last := -1
	for i, img := range images {
		if img.Person < 0 || img.Person >= len(people) || img.Person < last || img.Person > last+1 {
			return nil, fmt.Errorf("dataset: image %d is of person %d after person %d of %d; order the images by person and give each person one", i, img.Person, last, len(people))
		}
		last = img.Person
		ref := Ref{people[img.Person], img.Number}
		if img.Number < 1 {
			return nil, fmt.Errorf("dataset: image %d of %s has number %d; numbers start at 1", i, ref.Name, img.Number)
		}
		if other, ok := s.index[ref]; ok {
			return nil, fmt.Errorf("dataset: images %d and %d are both %s", other, i, ref)
		}
		s.index[ref] = i
	}
	if last != len(people)-1 {
		return nil, fmt.Errorf("dataset: person %s has no image", people[last+1])
	}
	return s, nil
}

// Len returns the number of images.
func (s *Set) Len() int { return len(s.Images) }

// Ref returns the name of image i in pair lists.
func (s *Set) Ref(i int) Ref { return Ref{s.People[s.Images[i].Person], s.Images[i].Number} }

// Index returns the image that a pair list means by r.
func (s *Set) Index(r Ref) (int, error) {
	if i, ok := s.index[r]; ok {
		return i, nil
	}
	return 0, fmt.Errorf("dataset: image %s is not in the set; use the pair list that belongs to it", r)
}

// Crop returns the aligned crop of image i, which the caller may change. Errors
// name the image.
func (s *Set) Crop(i int) (face.Crop, error) {
	own := face.NewCrop()
	crop, err := s.view(i, own)
	if err != nil {
		return face.Crop{}, err
	}
	copy(own.Pix, crop.Pix)
	return own, nil
}

// Close closes the crop cache of a set that Cached has returned, after which it
// and the sets made from it give no more crops. Other sets need no Close.
func (s *Set) Close() error {
	if s.closer == nil {
		return nil
	}
	return s.closer.Close()
}

// photoSet makes a set whose crops are read from the images' files.
func photoSet(people []string, images []Image, align face.Alignment) (*Set, error) {
	if err := align.Validate(); err != nil {
		return nil, err
	}
	if len(images) == 0 {
		return nil, errors.New("dataset: no images")
	}
	s, err := NewSet(people, images, func(i int) (face.Crop, error) {
		a, err := alignPhoto(context.Background(), images[i].Path, align, face.DefaultLimits())
		return a.crop, err
	})
	if err != nil {
		return nil, err
	}
	s.Align = align
	return s, nil
}
