package graph_test

import (
	"testing"

	"github.com/sphereface-go/sphereface/internal/solver"
	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// machineObjects is what Gorgonia's tape machine allocates in a run of the graph
// below, 4 KB, whatever the size of its tensors: for each of 29 operators its
// list of inputs, which grows from nothing (52 in all), a variable for the
// result and a register handed to a log that is off (58); for each of 18 inputs
// and 15 registers set free the instruction, to the same log (33); two channels
// and what a goroutine is started with (3). Dropout and its gradient are two operators
// more with an input each.
const machineObjects, dropoutObjects = 146, 6

// TestStepAllocates: a step forward, backward and of the solver allocates
// nothing itself.
func TestStepAllocates(t *testing.T) {
	t.Run("plain", func(t *testing.T) { testStepAllocates(t, 0, machineObjects) })
	t.Run("dropout", func(t *testing.T) { testStepAllocates(t, 0.3, machineObjects+dropoutObjects) })
}

func testStepAllocates(t *testing.T, dropout, most float64) {
	net, err := models.New("sphereface4", models.Options{Width: 0.25, Embedding: 128})
	if err != nil {
		t.Fatal(err)
	}
	const batch, classes, threads = 8, 50, 2
	weights := net.Initialize(1)
	head := models.Head{Kind: models.ASoftmax, Margin: 4, LambdaMin: 10}
	weights[models.HeadWeight] = head.Initialize(net.Embedding(), classes, 1)
	training, err := graph.NewTraining(net, head, classes, weights, graph.Options{Batch: batch, Dropout: dropout, Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	defer training.Close()
	// So low a limit on the norm always clips.
	sgd := solver.New(solver.Options{Momentum: 0.9, WeightDecay: 5e-4, ClipNorm: 1e-3, Threads: threads})
	x, labels := crops(batch, 1), make([]int32, batch)
	var params []solver.Param
	step := func() {
		if _, _, err := training.Step(x, labels, 10, 0); err != nil {
			t.Fatal(err)
		}
		params = params[:0]
		for _, p := range training.Params() {
			params = append(params, solver.Param{Name: p.Name, Value: p.Value, Grad: p.Grad, Decay: p.Decay})
		}
		if _, err := sgd.Step(params, 1e-3); err != nil {
			t.Fatal(err)
		}
	}
	// The first step, which makes the buffers, is not counted.
	if n := testing.AllocsPerRun(10, step); n > most {
		t.Errorf("a step allocates %v objects, want the %v of Gorgonia's machine at most", n, most)
	} else {
		t.Logf("a step allocates %v objects", n)
	}
}
