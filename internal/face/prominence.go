package face

import (
	"cmp"
	"image"
	"slices"
)

// centre is the middle of a photo.
func centre(size image.Point) [2]float64 {
	return [2]float64{float64(size.X-1) / 2, float64(size.Y-1) / 2}
}

// sortByProminence puts faces first that are large and near the centre of a photo
// of the size: the square's area less twice the squared distance of its centre
// from the photo's counts, as in InsightFace.
func sortByProminence(faces []Face, size image.Point) {
	prominence := func(f Face) float64 {
		d := distance([2]float64{f.X, f.Y}, centre(size))
		return float64(f.Side*f.Side) - float64(2*d*d)
	}
	slices.SortStableFunc(faces, func(a, b Face) int { return cmp.Compare(prominence(b), prominence(a)) })
}
