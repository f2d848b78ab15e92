package sphereface_test

import (
	"errors"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/sphereface-go/sphereface"
)

func TestCompare(t *testing.T) {
	m, img := open(t, detecting), read(t, portrait)
	v, err := m.Compare(t.Context(), img, img)
	// The two are of one batch, whose rows may differ in the last bits.
	if err != nil || !v.Same || math.Abs(v.Similarity-1) > 1e-6 || v.Threshold != 0.3125 {
		t.Errorf("an image and itself: %+v, %v", v, err)
	}
	_, err = m.Compare(t.Context(), img, plain(300, 200, color.Gray{90}))
	if _, ok := errors.AsType[*sphereface.NoFaceError](err); !ok {
		t.Errorf("an image and a wall: %v, want a *NoFaceError", err)
	}
	oneLine(t, err, "image 1: no face")
	// The most prominent face is compared: the one in both.
	v, err = m.Compare(t.Context(), img, twice(img, image.Rect(180, 60, 300, 200)))
	if err != nil || v.Similarity < 0.99 {
		t.Errorf("an image and one with a smaller face beside it: %+v, %v", v, err)
	}
}

func TestJudge(t *testing.T) {
	m := open(t, sphereface.Options{Metadata: map[string]string{"threshold": "0.6", "mirror": "false"}})
	vector := func(x, y float32) []float32 {
		v := make([]float32, m.Size())
		v[0], v[1] = x, y
		return v
	}
	for _, c := range []struct {
		a, b []float32
		want sphereface.Verdict
	}{
		{vector(1, 0), vector(2, 0), sphereface.Verdict{Same: true, Similarity: 1, Threshold: 0.6}},
		{vector(1, 0), vector(3, 4), sphereface.Verdict{Same: true, Similarity: 0.6, Threshold: 0.6}},
		{vector(1, 0), vector(0, 1), sphereface.Verdict{Same: false, Similarity: 0, Threshold: 0.6}},
		{vector(1, 0), vector(-5, 0), sphereface.Verdict{Same: false, Similarity: -1, Threshold: 0.6}},
	} {
		got, err := m.Judge(c.a, c.b)
		if err != nil || got != c.want || sphereface.Similarity(c.a, c.b) != c.want.Similarity {
			t.Errorf("%v and %v: %+v, %v; want %+v", c.a[:2], c.b[:2], got, err, c.want)
		}
	}
	_, err := m.Judge(vector(1, 0), make([]float32, 3))
	oneLine(t, err, "embeddings of 16 and 3 elements, want 16")
}
