package trainer

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/models"
)

func newFeatures(t *testing.T) (*Features, *dataset.Set) {
	t.Helper()
	net, err := models.New("sphereface4", models.Options{Width: 0.0625, Embedding: 8})
	if err != nil {
		t.Fatal(err)
	}
	f, err := NewFeatures(net, net.Initialize(3), 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	set, err := syntheticSet(featureImages/2+1, 2, 5)
	if err != nil {
		t.Fatal(err)
	}
	return f, set
}

// TestFeaturesDoNotDependOnTheBatch extracts two more images than a batch has,
// together and alone.
func TestFeaturesDoNotDependOnTheBatch(t *testing.T) {
	f, set := newFeatures(t)
	var told []int
	all, err := f.Extract(t.Context(), set.Len(), set.Crop, func(n int) { told = append(told, n) })
	if err != nil {
		t.Fatal(err)
	}
	if len(told) != 2 || told[0] != featureImages || told[1] != set.Len() {
		t.Errorf("progress %v", told)
	}
	for _, i := range []int{0, featureImages - 1, featureImages, set.Len() - 1} {
		one, err := f.Extract(t.Context(), 1, func(int) (face.Crop, error) { return set.Crop(i) }, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(all[i]) != 16 {
			t.Fatalf("image %d: a feature of %d values, want twice 8", i, len(all[i]))
		}
		for k := range one[0] {
			if one[0][k] != all[i][k] {
				t.Fatalf("image %d, value %d: %v alone, %v together", i, k, one[0][k], all[i][k])
			}
		}
	}
}

// TestFeatureOfTheMirror swaps the halves of the feature by mirroring the crop.
func TestFeatureOfTheMirror(t *testing.T) {
	f, set := newFeatures(t)
	crop, err := set.Crop(0)
	if err != nil {
		t.Fatal(err)
	}
	mirror := face.NewCrop()
	for y := range face.CropHeight {
		for x := range face.CropWidth {
			from, to := 3*(y*face.CropWidth+x), 3*(y*face.CropWidth+face.CropWidth-1-x)
			copy(mirror.Pix[to:to+3], crop.Pix[from:from+3])
		}
	}
	crops := []face.Crop{crop, mirror}
	got, err := f.Extract(t.Context(), 2, func(i int) (face.Crop, error) { return crops[i], nil }, nil)
	if err != nil {
		t.Fatal(err)
	}
	differ := false
	for k := range 8 {
		if got[0][k] != got[1][8+k] || got[0][8+k] != got[1][k] {
			t.Errorf("value %d: (%v, %v) and mirrored (%v, %v)", k, got[0][k], got[0][8+k], got[1][k], got[1][8+k])
		}
		differ = differ || got[0][k] != got[0][8+k]
	}
	if !differ {
		t.Error("image and mirror have the same embedding")
	}
}

func TestExtractErrors(t *testing.T) {
	f, set := newFeatures(t)
	broken := errors.New("broken.png: no image")
	_, err := f.Extract(t.Context(), 3, func(i int) (face.Crop, error) {
		if i == 1 {
			return face.Crop{}, broken
		}
		return set.Crop(i)
	}, nil)
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Extract(ctx, 3, set.Crop, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestJudge compares one image with itself and with others, where the answers
// are known: every pair of the same image has similarity 1.
func TestJudge(t *testing.T) {
	f, set := newFeatures(t)
	list := dataset.PairList{Folds: 2}
	for fold := range 2 {
		for i := range 3 {
			list.Pairs = append(list.Pairs, dataset.Pair{A: set.Ref(2 * i), B: set.Ref(2*i + 1), Same: true, Fold: fold})
		}
		for i := range 3 {
			list.Pairs = append(list.Pairs, dataset.Pair{A: set.Ref(2 * i), B: set.Ref(2*i + 2), Fold: fold})
		}
	}
	// Both images of a person are shown the same crop.
	r, err := Judge(t.Context(), f, list, 0, func(ref dataset.Ref) (face.Crop, error) {
		ref.Number = 1
		i, err := set.Index(ref)
		if err != nil {
			return face.Crop{}, err
		}
		return set.Crop(i)
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Accuracy != 1 || r.Pairs != 12 || len(r.Folds) != 2 || math.Abs(r.AUC-1) > 0 || r.FAR != 0 {
		t.Errorf("%+v", r)
	}
}
