package trainer

import (
	"context"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/dataset"
)

// fromMemory gives the same batch over and over.
type fromMemory struct {
	batch   dataset.Batch
	batches int
}

func (m fromMemory) Batches() int { return m.batches }

func (m fromMemory) Epoch(context.Context, int, int) iter.Seq2[dataset.Batch, error] {
	return func(yield func(dataset.Batch, error) bool) {
		for i := range m.batches {
			m.batch.Index = i
			if !yield(m.batch, nil) {
				return
			}
		}
	}
}

// BenchmarkStepFed compares a training step that the loader feeds with one that is
// fed from memory. Both trainers take turns, an epoch of eight steps each, so that
// whatever else the machine does hits both; "ratio" is the median of the turns'
// ratios. The crops come from memory too, which leaves out the few microseconds
// that reading one from the cache takes (BenchmarkFill of internal/dataset).
func BenchmarkStepFed(b *testing.B) {
	const size, steps = 128, 8
	c, err := config.Parse("bench.yaml", []byte(`
data: {source: synthetic, people: 86, images: 12, holdout: 0}
augment: {mirror: true, shift: 8}
train: {batch: 128, epochs: 1000000}
validation: {every: 0}
`), nil)
	if err != nil {
		b.Fatal(err)
	}
	faces, err := OpenFaces(b.Context(), c, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer faces.Close()
	loader, err := dataset.NewLoader(faces.Train, dataset.LoaderOptions{
		BatchSize: size, Seed: c.Seed, Augment: c.Augment.Build(),
	})
	if err != nil {
		b.Fatal(err)
	}
	if loader.Batches() != steps {
		b.Fatalf("%d batches an epoch, want %d", loader.Batches(), steps)
	}
	memory := fromMemory{batches: steps}
	for batch, err := range loader.Epoch(b.Context(), 0, 0) {
		if err != nil {
			b.Fatal(err)
		}
		memory.batch = batch
		memory.batch.X, memory.batch.Labels = slices.Clone(batch.X), slices.Clone(batch.Labels)
		break
	}
	turns := make([]func() time.Duration, 2)
	for i, source := range []Source{loader, memory} {
		t, err := New(c, Data{Source: source, Images: faces.Train.Len(), Classes: len(faces.Train.People), Name: faces.Name})
		if err != nil {
			b.Fatal(err)
		}
		defer t.Close()
		turns[i] = func() time.Duration {
			start := time.Now()
			if err := t.runEpoch(b.Context()); err != nil {
				b.Fatal(err)
			}
			return time.Since(start)
		}
		turns[i]() // the first steps make the buffers
	}
	var fed, still, ratio []float64
	for b.Loop() {
		// In turns, the other one first each time.
		first := len(ratio) % 2
		var took [2]float64
		took[first] = turns[first]().Seconds() / steps
		took[1-first] = turns[1-first]().Seconds() / steps
		fed, still = append(fed, took[0]), append(still, took[1])
		ratio = append(ratio, took[0]/took[1])
	}
	b.ReportMetric(1e3*median(fed), "ms/loader-step")
	b.ReportMetric(1e3*median(still), "ms/memory-step")
	b.ReportMetric(median(ratio), "ratio")
	b.ReportMetric(0, "ns/op") // of two epochs: says nothing
}

func median(v []float64) float64 {
	slices.Sort(v)
	return (v[len(v)/2] + v[(len(v)-1)/2]) / 2
}
