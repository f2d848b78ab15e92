package trainer

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// featureImages is how many images go through the network at a time, each with
// its mirror.
const featureImages = 32

// Features computes the features of images through Gorgonia: the embedding of
// the crop and of its mirror, concatenated (Liu et al., "SphereFace", 2017,
// section 4.1).
type Features struct {
	extractor *graph.Extractor
	threads   int
	size      int // of an embedding
	x         []float32
}

// NewFeatures builds a graph over live weights.
func NewFeatures(net models.Network, weights map[string][]float32, threads int) (*Features, error) {
	e, err := graph.NewExtractor(net, weights, 2*featureImages, threads)
	if err != nil {
		return nil, err
	}
	return &Features{e, threads, net.Embedding(), make([]float32, 2*featureImages*face.CropSize)}, nil
}

// Close releases the graph.
func (f *Features) Close() error { return f.extractor.Close() }

// Extract returns the features of n images, 2·E values each. crop gives image i
// and must be safe for concurrent use; done, if not nil, is told how many
// images are through.
func (f *Features) Extract(ctx context.Context, n int, crop func(i int) (face.Crop, error), done func(int)) ([][]float32, error) {
	f.extractor.WeightsChanged()
	features := make([][]float32, n)
	for from := 0; from < n; from += featureImages {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		to := min(from+featureImages, n)
		if err := f.load(from, to, crop); err != nil {
			return nil, err
		}
		embeddings, err := f.extractor.Run(f.x)
		if err != nil {
			return nil, fmt.Errorf("trainer: features: %w", err)
		}
		for i := from; i < to; i++ {
			at := 2 * (i - from) * f.size
			features[i] = append([]float32(nil), embeddings[at:at+2*f.size]...)
		}
		if done != nil {
			done(to)
		}
	}
	return features, nil
}

// load fills the input with images from, …, to−1, each followed by its mirror.
// What is left of the batch keeps the images of before: every row is computed
// by itself.
func (f *Features) load(from, to int, crop func(i int) (face.Crop, error)) error {
	var group errgroup.Group
	group.SetLimit(f.threads)
	for i := from; i < to; i++ {
		group.Go(func() error {
			c, err := crop(i)
			if err != nil {
				return err
			}
			x := f.x[2*(i-from)*face.CropSize:]
			c.Tensor(x[:face.CropSize], false)
			c.Tensor(x[face.CropSize:2*face.CropSize], true)
			return nil
		})
	}
	return group.Wait()
}
