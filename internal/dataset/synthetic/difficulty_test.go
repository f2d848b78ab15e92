package synthetic

import (
	"math"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/verification"
	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// A trio is two images of one person and one of another.
type trio [3]face.Crop

func trios(n int) []trio {
	const people, images = 60, 20
	g, r := New(7), newRandom(99)
	out := make([]trio, n)
	for i := range out {
		a, b := r.below(people), r.below(people-1)
		if b >= a {
			b++
		}
		k, l := r.below(images), r.below(images-1)
		if l >= k {
			l++
		}
		out[i] = trio{g.Crop(a, k), g.Crop(a, l), g.Crop(b, l)}
	}
	return out
}

// accuracy is that of the verification by the cosine of features: of a same and a
// different pair from each trio.
func accuracy(t *testing.T, of []trio, feature func(face.Crop) []float32) float64 {
	t.Helper()
	var scores []verification.Score
	for _, k := range of {
		first := feature(k[0])
		for j, same := range []bool{true, false} {
			s := verification.Cosine(first, feature(k[1+j]))
			scores = append(scores, verification.Score{Similarity: s, Same: same})
		}
	}
	r, err := verification.Evaluate(scores, 10)
	if err != nil {
		t.Fatal(err)
	}
	return r.Accuracy
}

func raw(c face.Crop) []float32 {
	x := make([]float32, face.CropSize)
	c.Tensor(x, false)
	return x
}

// standardised takes the mean and the spread out of each colour plane: what a
// change of exposure and of white balance does, undone.
func standardised(c face.Crop) []float32 {
	x := raw(c)
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

// untrained gives the features of a network with random weights, of the image and
// of its mirror.
func untrained(t *testing.T) func(face.Crop) []float32 {
	net, err := models.New("sphereface4", models.Options{Width: 0.125, Embedding: 64})
	if err != nil {
		t.Fatal(err)
	}
	extractor, err := graph.NewExtractor(net, net.Initialize(1), 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := extractor.Close(); err != nil {
			t.Error(err)
		}
	})
	x := make([]float32, 2*face.CropSize)
	return func(c face.Crop) []float32 {
		c.Tensor(x[:face.CropSize], false)
		c.Tensor(x[face.CropSize:], true)
		y, err := extractor.Run(x)
		if err != nil {
			t.Fatal(err)
		}
		return slices.Clone(y)
	}
}

// TestNothingIsLearntBeforeTraining bounds what needs no training: a guess is
// right in 50 of 100 pairs, the network of the demo after training in over 80. The
// standard error of an accuracy on 240 pairs is 3.2 points.
func TestNothingIsLearntBeforeTraining(t *testing.T) {
	faces := trios(120)
	for _, c := range []struct {
		name    string
		feature func(face.Crop) []float32
		most    float64
	}{
		{"raw pixels", raw, 0.65},
		{"standardised pixels", standardised, 0.70},
		{"an untrained network", untrained(t), 0.65},
	} {
		got := accuracy(t, faces, c.feature)
		t.Logf("%s: accuracy %.3f", c.name, got)
		if got > c.most {
			t.Errorf("cosine of %s: accuracy %.3f, want at most %.2f: too easy", c.name, got, c.most)
		}
	}
}
