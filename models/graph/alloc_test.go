package graph_test

import (
	"runtime"
	"testing"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// TestStepAllocates: operators own their buffers, so that a step allocates no
// tensors. What is left is Gorgonia's machine (lists of inputs, channels) and the
// start of goroutines: some hundred small objects, whatever the size of the
// network. The output of the first layer alone would be 1.4 MB.
func TestStepAllocates(t *testing.T) {
	const most, steps = 64 << 10, 5
	net, err := models.New("sphereface4", models.Options{Width: 0.25, Embedding: 128})
	if err != nil {
		t.Fatal(err)
	}
	const batch, classes = 8, 50
	weights := net.Initialize(1)
	head := models.Head{Kind: models.ASoftmax, Margin: 4, LambdaMin: 10}
	weights[models.HeadWeight] = head.Initialize(net.Embedding(), classes, 1)
	training, err := graph.NewTraining(net, head, classes, weights, batch, kernel.Float32, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer training.Close()
	x, labels := crops(batch, 1), make([]int32, batch)
	step := func() {
		if _, _, err := training.Step(x, labels, 10); err != nil {
			t.Fatal(err)
		}
	}
	step() // makes the buffers
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range steps {
		step()
	}
	runtime.ReadMemStats(&after)
	bytes, objects := (after.TotalAlloc-before.TotalAlloc)/steps, (after.Mallocs-before.Mallocs)/steps
	t.Logf("a step allocates %d bytes in %d objects", bytes, objects)
	if bytes > most {
		t.Errorf("a step allocates %d bytes in %d objects, want at most %d bytes", bytes, objects, most)
	}
}
