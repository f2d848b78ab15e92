package graph_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// BenchmarkStep times forward and backward of whole networks on all cores. The
// solver and the loader are not in it.
func BenchmarkStep(b *testing.B) {
	for _, c := range []struct {
		name  string
		batch int
	}{{"sphereface4", 128}, {"sphereface20", 16}} {
		b.Run(fmt.Sprintf("%s/batch=%d", c.name, c.batch), func(b *testing.B) {
			net, err := models.New(c.name, models.Options{})
			if err != nil {
				b.Fatal(err)
			}
			const classes = 4038 // LFW's DevTrain
			head := models.Head{Kind: models.ASoftmax, Margin: 4, LambdaMin: 10}
			weights := net.Initialize(1)
			weights[models.HeadWeight] = head.Initialize(net.Embedding(), classes, 1)
			t, err := graph.NewTraining(net, head, classes, weights, c.batch, runtime.GOMAXPROCS(0))
			if err != nil {
				b.Fatal(err)
			}
			defer t.Close()
			x, labels := crops(c.batch, 1), make([]int32, c.batch)
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := t.Step(x, labels, 10); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(c.batch)*float64(b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}
