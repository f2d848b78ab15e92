package synthetic

import (
	"math"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// pairAccuracy is the best accuracy that any threshold on the cosine of two
// features gives, over as many same as different pairs of people p0…p0+n-1. No
// threshold is worth 1/2 or less.
func pairAccuracy(g *Generator, people, pairs int, feature func(face.Crop) []float32) float64 {
	r := newRandom(99)
	var same, different []float64
	for range pairs {
		a, b := r.below(people), r.below(people-1)
		if b >= a {
			b++
		}
		i, j := r.below(20), r.below(19)
		if j >= i {
			j++
		}
		first := feature(g.Crop(a, i))
		same = append(same, cosine(first, feature(g.Crop(a, j))))
		different = append(different, cosine(first, feature(g.Crop(b, j))))
	}
	best := 0
	for _, t := range same {
		right := 0
		for k := range same {
			if same[k] >= t {
				right++
			}
			if different[k] < t {
				right++
			}
		}
		best = max(best, right)
	}
	return float64(best) / float64(2*pairs)
}

func cosine(a, b []float32) float64 {
	var dot, aa, bb float64
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		dot, aa, bb = dot+x*y, aa+x*x, bb+y*y
	}
	return dot / math.Sqrt(aa*bb)
}

func pixelsOf(c face.Crop) []float32 {
	x := make([]float32, face.CropSize)
	c.Tensor(x, false)
	return x
}

// standardised takes the mean and the spread out of each colour plane: what a
// change of exposure and of white balance does, undone.
func standardised(c face.Crop) []float32 {
	x := pixelsOf(c)
	for plane := range slices.Chunk(x, pixels) {
		var mean, squares float64
		for _, v := range plane {
			mean += float64(v) / pixels
		}
		for _, v := range plane {
			squares += (float64(v) - mean) * (float64(v) - mean) / pixels
		}
		for i, v := range plane {
			plane[i] = float32((float64(v) - mean) / math.Sqrt(squares+1e-6))
		}
	}
	return x
}

func TestPixelsDoNotTellPeopleApart(t *testing.T) {
	g := New(7)
	for _, c := range []struct {
		name    string
		feature func(face.Crop) []float32
		most    float64
	}{
		{"raw", pixelsOf, 0.65},
		{"standardised", standardised, 0.75},
	} {
		got := pairAccuracy(g, 60, 300, c.feature)
		t.Logf("%s pixels: accuracy %.3f", c.name, got)
		if got > c.most {
			t.Errorf("cosine of %s pixels: accuracy %.3f, want at most %.2f: too easy", c.name, got, c.most)
		}
	}
}
