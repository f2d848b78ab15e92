package face

import (
	"image"
	"testing"
)

// Prominence is the square's area less twice the squared distance of its centre
// from the photo's.
func TestSortByProminence(t *testing.T) {
	face := func(x, y, side float64) Face { return Face{X: x, Y: y, Side: side} }
	for _, c := range []struct {
		name  string
		faces []Face
		want  int // the index of the first
	}{
		{"the only one", []Face{face(3, 4, 50)}, 0},
		{"the larger", []Face{face(200, 149.5, 50), face(199, 149.5, 60)}, 1},
		{"the nearer", []Face{face(20, 20, 50), face(199.5, 149.5, 50)}, 1},
		{"large beats near", []Face{face(199.5, 149.5, 40), face(199.5, 49.5, 150)}, 1},
		{"near beats large", []Face{face(199.5, 149.5, 40), face(20, 20, 150)}, 0},
		{"equal ones as they come", []Face{face(189.5, 149.5, 40), face(209.5, 149.5, 40)}, 0},
	} {
		want := c.faces[c.want]
		sortByProminence(c.faces, image.Pt(400, 300))
		if c.faces[0] != want {
			t.Errorf("%s: %+v comes first, want %+v", c.name, c.faces[0], want)
		}
	}
}
