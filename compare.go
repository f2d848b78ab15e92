package sphereface

import (
	"context"
	"fmt"
	"image"

	"github.com/sphereface-go/sphereface/internal/verification"
)

// Verdict says whether two faces are of the same person.
type Verdict struct {
	Same       bool    // the similarity is at least the threshold
	Similarity float64 // the cosine of the embeddings, −1 to 1
	Threshold  float64 // the model's
}

// Similarity returns the cosine of two embeddings of the same model, −1 to 1, and
// exactly 1 for an embedding and itself. Of vectors of different lengths, which are
// a programmer's error, it panics.
func Similarity(a, b []float32) float64 { return verification.Cosine(a, b) }

// Judge compares two embeddings of this model with its threshold. Without one the
// error is [ErrNoThreshold].
func (m *Model) Judge(a, b []float32) (Verdict, error) {
	threshold, ok := m.Threshold()
	if !ok {
		return Verdict{}, fmt.Errorf("sphereface: %s: %w", m.name, ErrNoThreshold)
	}
	if len(a) != m.Size() || len(b) != m.Size() {
		return Verdict{}, fmt.Errorf("sphereface: %s: embeddings of %d and %d elements, want %d: they are not this model's", m.name, len(a), len(b), m.Size())
	}
	similarity := Similarity(a, b)
	return Verdict{similarity >= threshold, similarity, threshold}, nil
}

// Compare tells whether the most prominent faces of two images are of the same
// person. If one has no face the error is a [*NoFaceError]; see [Model.Embed].
func (m *Model) Compare(ctx context.Context, a, b image.Image) (Verdict, error) {
	if _, ok := m.Threshold(); !ok {
		return Verdict{}, fmt.Errorf("sphereface: %s: %w", m.name, ErrNoThreshold)
	}
	embeddings, err := m.EmbedAll(ctx, []image.Image{a, b})
	if err != nil {
		return Verdict{}, err
	}
	return m.Judge(embeddings[0], embeddings[1])
}
