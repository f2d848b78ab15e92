package main

import (
	"context"
	"fmt"
	"math"

	"github.com/sphereface-go/sphereface/internal/face"
)

// batch is the number of photos that are held in memory and computed at once.
const batch = 16

// features computes the feature of each photo: the embedding of its crop, followed
// by that of the mirrored crop if the contract says so.
func (m *model) features(photos []photo) ([][]float32, error) {
	views := 1
	if m.contract.Mirror {
		views = 2
	}
	x := make([]float32, len(photos)*views*face.CropSize)
	for i, p := range photos {
		for view := range views {
			at := (i*views + view) * face.CropSize
			m.tensor(x[at:at+face.CropSize], p.crop, view == 1)
		}
	}
	outputs, err := m.session.Run(x, len(photos)*views)
	if err != nil {
		return nil, diagnose(m.path, fmt.Errorf("%s: %w", m.path, err))
	}
	data := outputs[m.output].Data
	size := m.feature()
	if len(data) != len(photos)*size {
		return nil, fmt.Errorf("%s: the model gave %d values for %d photos, want %d each: export it again", m.path, len(data), len(photos), size)
	}
	features := make([][]float32, len(photos))
	for i := range features {
		features[i] = data[i*size : (i+1)*size : (i+1)*size]
		if !usable(features[i]) {
			return nil, fmt.Errorf("%s: the embedding of %s is zero or not finite: the model is damaged or untrained: export it again", m.path, photos[i].Path)
		}
	}
	return features, nil
}

// tensor writes a crop as the contract's normalisation wants it.
func (m *model) tensor(dst []float32, crop face.Crop, mirror bool) {
	crop.Tensor(dst, mirror)
	if m.contract.Mean == face.PixelMean && m.contract.Std == face.PixelScale {
		return
	}
	for i, v := range dst {
		pixel := float64(v)*face.PixelScale + face.PixelMean // exact
		dst[i] = float32((pixel - m.contract.Mean) / m.contract.Std)
	}
}

// usable says whether a cosine with the vector is defined.
func usable(v []float32) bool {
	var squares float64
	for _, x := range v {
		squares += float64(x) * float64(x)
	}
	return squares > 0 && !math.IsInf(squares, 0) // NaN fails the first
}

// each computes the features of all files, in their order, and hands them on one
// by one.
func (m *model) each(ctx context.Context, paths []string, workers int, use func(p photo, feature []float32) error) error {
	for first := 0; first < len(paths); first += batch {
		photos, err := m.readPhotos(ctx, paths[first:min(first+batch, len(paths))], workers)
		if err != nil {
			return err
		}
		features, err := m.features(photos)
		if err != nil {
			return err
		}
		for i, p := range photos {
			if err := use(p, features[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
