package dataset

import "github.com/sphereface-go/sphereface/internal/face"

// Generated makes a set of the named people with the same number of images each,
// whose crop function draws image n, from 0, of a person. Pair lists count the
// images from 1.
func Generated(people []string, images int, crop func(person, image int) (face.Crop, error)) (*Set, error) {
	var list []Image
	for p := range people {
		for n := range images {
			list = append(list, Image{Person: p, Number: n + 1})
		}
	}
	return NewSet(people, list, func(i int) (face.Crop, error) {
		return crop(list[i].Person, list[i].Number-1)
	})
}
