package sphereface

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"strconv"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/ort"
)

// batch is the number of crops that the network computes at once.
const batch = 16

// Embed returns the embedding of the most prominent face of an image, cut out as the
// model's metadata says. If there is none the error is a [*NoFaceError].
func (m *Model) Embed(ctx context.Context, img image.Image) ([]float32, error) {
	photo, err := NewPhoto(ctx, img, m.Alignment())
	if err != nil {
		return nil, err
	}
	embeddings, err := m.EmbedCrops(ctx, photo.Crops[:1])
	if err != nil {
		return nil, err
	}
	return embeddings[0], nil
}

// EmbedCrops returns the embedding of each crop: Size elements, which are not
// normalised, the second half of them the mirrored crop's if the model's metadata
// says mirror. Compare two by [Model.Judge].
func (m *Model) EmbedCrops(ctx context.Context, crops []Crop) ([][]float32, error) {
	for i, c := range crops {
		if len(c.Pix) != face.CropSize {
			return nil, fmt.Errorf("sphereface: crop %d has %d bytes, want %d", i, len(c.Pix), face.CropSize)
		}
	}
	embeddings := make([][]float32, 0, len(crops))
	for len(crops) > 0 {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		n := min(batch, len(crops))
		some, err := m.run(crops[:n])
		if err != nil {
			return nil, err
		}
		for i, e := range some {
			if !usable(e) {
				of := cmp.Or(crops[i].of, "crop "+strconv.Itoa(len(embeddings)))
				return nil, fmt.Errorf("sphereface: %s: the embedding of %s is zero or not finite: the model is damaged or untrained: export it again", m.name, of)
			}
			embeddings = append(embeddings, e)
		}
		crops = crops[n:]
	}
	return embeddings, nil
}

// run computes one batch.
func (m *Model) run(crops []Crop) ([][]float32, error) {
	views := m.views()
	x := make([]float32, len(crops)*views*face.CropSize)
	for i, c := range crops {
		for view := range views {
			m.tensor(x[(i*views+view)*face.CropSize:][:face.CropSize], face.Crop{Pix: c.Pix}, view == 1)
		}
	}
	outputs, err := m.session.Run(x, len(crops)*views)
	if errors.Is(err, ort.ErrClosed) {
		return nil, ErrClosed
	} else if err != nil {
		return nil, m.diagnose(fmt.Errorf("sphereface: %s: %w", m.name, err))
	}
	data, size := outputs[m.output].Data, m.Size()
	if len(data) != len(crops)*size {
		return nil, fmt.Errorf("sphereface: %s: the model gave %d values for %d crops, want %d each: export it again", m.name, len(data), len(crops), size)
	}
	embeddings := make([][]float32, len(crops))
	for i := range embeddings {
		embeddings[i] = data[i*size : (i+1)*size : (i+1)*size]
	}
	return embeddings, nil
}

// tensor writes a crop as the contract's normalisation wants it.
func (m *Model) tensor(dst []float32, crop face.Crop, mirror bool) {
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
