package graph_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// classes is the number of people of LFW's DevTrain.
const classes = 4038

// BenchmarkStep times forward and backward of whole networks on one core, on
// two, and so on up to all of them. The solver and the loader are not in it. The
// share of the peak counts the multiply-adds of plain convolutions: Winograd's
// algorithm, which the layers of SphereFace-20 use in float32, does fewer. The peak
// is float32's for both precisions, so that their shares compare: products of bf16
// can exceed it.
func BenchmarkStep(b *testing.B) {
	for _, c := range []struct {
		name  string
		batch int
	}{{"sphereface4", 128}, {"sphereface20", 16}} {
		for _, p := range precisions() {
			for _, threads := range threadCounts() {
				b.Run(fmt.Sprintf("%s/%v/batch=%d/threads=%d", c.name, p, c.batch, threads), func(b *testing.B) {
					net, err := models.New(c.name, models.Options{})
					if err != nil {
						b.Fatal(err)
					}
					benchmarkStep(b, net, c.batch, p, threads)
				})
			}
		}
	}
}

// precisions are those whose products can be made here.
func precisions() []kernel.Precision {
	if kernel.HasBF16() {
		return []kernel.Precision{kernel.Float32, kernel.BF16}
	}
	return []kernel.Precision{kernel.Float32}
}

// threadCounts are the powers of two up to all cores, and those.
func threadCounts() []int {
	var counts []int
	for n := 1; n < runtime.GOMAXPROCS(0); n *= 2 {
		counts = append(counts, n)
	}
	return append(counts, runtime.GOMAXPROCS(0))
}

func benchmarkStep(b *testing.B, net models.Network, batch int, p kernel.Precision, threads int) {
	head := models.Head{Kind: models.ASoftmax, Margin: 4, LambdaMin: 10}
	weights := net.Initialize(1)
	weights[models.HeadWeight] = head.Initialize(net.Embedding(), classes, 1)
	t, err := graph.NewTraining(net, head, classes, weights, graph.Options{Batch: batch, Precision: p, Threads: threads})
	if err != nil {
		b.Fatal(err)
	}
	defer t.Close()
	x, labels := crops(batch, 1), make([]int32, batch)
	peak := kernel.Peak(threads)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := t.Step(x, labels, 10, 0); err != nil {
			b.Fatal(err)
		}
	}
	steps := float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(float64(batch)*steps, "images/s")
	if peak = (peak + kernel.Peak(threads)) / 2; peak > 0 {
		b.ReportMetric(100*float64(batch*multiplyAdds(net))*steps/peak, "%peak")
	}
}

// multiplyAdds is what an image takes forward and backward: three products a
// layer, but for the first, which passes no gradient to the image.
func multiplyAdds(net models.Network) int {
	sum := 3 * net.Embedding() * classes
	for i, l := range net.Layers {
		n := l.In.Size() * l.Out.Size()
		if l.Kind == models.Conv {
			n = l.Out.Size() * l.In.C * l.Kernel * l.Kernel
		}
		if i == 0 {
			n = n * 2 / 3
		}
		sum += 3 * n
	}
	return sum
}
