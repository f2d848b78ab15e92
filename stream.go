package sphereface

import (
	"context"
	"fmt"
	"image"
	"iter"

	"github.com/sphereface-go/sphereface/internal/ordered"
)

// Embedded is a photo with the embedding of its first crop.
type Embedded struct {
	*Photo
	Embedding []float32
}

// EmbedFiles reads photos, aligns them in a way, and computes the embedding of the
// first crop of each, which is that of the most prominent face: in the order of the
// paths, whichever is ready first. While the network computes, the next photos are
// read, a few ahead. No more decoded images than Options.Threads are in memory at a
// time, and the photos that it gives have none.
//
// It ends with the error of the first photo that cannot be used, after the photos
// before it, or with the cause of a context that is done. Leaving the loop stops it.
func (m *Model) EmbedFiles(ctx context.Context, paths []string, how Alignment) iter.Seq2[Embedded, error] {
	return m.stream(ctx, len(paths), func(ctx context.Context, i int) (*Photo, error) {
		return ReadPhoto(ctx, paths[i], how, m.limits)
	})
}

// EmbedAll returns the embedding of the most prominent face of each image, as Embed
// does for one, and faster. The error says which image it is of, from 0.
func (m *Model) EmbedAll(ctx context.Context, images []image.Image) ([][]float32, error) {
	embeddings := make([][]float32, 0, len(images))
	for e, err := range m.stream(ctx, len(images), func(ctx context.Context, i int) (*Photo, error) {
		name := fmt.Sprintf("image %d", i)
		if err := checkSize(images[i]); err != nil {
			return nil, fmt.Errorf("sphereface: %s: %w", name, err)
		}
		return newPhoto(ctx, name, images[i], m.Alignment())
	}) {
		if err != nil {
			return nil, err
		}
		embeddings = append(embeddings, e.Embedding)
	}
	return embeddings, nil
}

// stream loads n photos, some at once, and computes them in batches while the next
// are loaded. What is in a batch depends on the order alone, and with it the last bits
// of the embeddings.
func (m *Model) stream(ctx context.Context, n int, load func(ctx context.Context, i int) (*Photo, error)) iter.Seq2[Embedded, error] {
	// Those of the next batch, and those that are being loaded.
	ahead := batch + m.workers
	light := func(ctx context.Context, i int) (*Photo, error) {
		p, err := load(ctx, i)
		if p != nil {
			p.Image = nil
		}
		return p, err
	}
	return func(yield func(Embedded, error) bool) {
		var photos []*Photo
		flush := func() (more bool) {
			embedded, err := m.embedFirst(ctx, photos)
			if err != nil {
				yield(Embedded{}, err)
				return false
			}
			photos = photos[:0]
			for _, e := range embedded {
				if !yield(e, nil) {
					return false
				}
			}
			return true
		}
		for p, err := range ordered.Map(ctx, n, m.workers, ahead, light) {
			if err != nil {
				if ctx.Err() != nil || flush() {
					yield(Embedded{}, err)
				}
				return
			}
			photos = append(photos, p)
			if len(photos) == batch && !flush() {
				return
			}
		}
		flush()
	}
}

// embedFirst computes the embedding of the first crop of each photo.
func (m *Model) embedFirst(ctx context.Context, photos []*Photo) ([]Embedded, error) {
	crops := make([]Crop, len(photos))
	for i, p := range photos {
		crops[i] = p.Crops[0]
	}
	embeddings, err := m.EmbedCrops(ctx, crops)
	if err != nil {
		return nil, err
	}
	embedded := make([]Embedded, len(photos))
	for i, p := range photos {
		embedded[i] = Embedded{p, embeddings[i]}
	}
	return embedded, nil
}
