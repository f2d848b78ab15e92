package graph_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// small is a member of the family narrow enough to be differentiated by hand.
func small(t *testing.T, name string) (models.Network, map[string][]float32) {
	t.Helper()
	net, err := models.New(name, models.Options{Width: 1.0 / 16, Embedding: 16})
	if err != nil {
		t.Fatal(err)
	}
	return net, net.Initialize(5)
}

func crops(n int, seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	x := make([]float32, n*models.CropChannels*models.CropHeight*models.CropWidth)
	for i := range x {
		x[i] = 2*r.Float32() - 1
	}
	return x
}

// TestFamilyForward runs every member and holds a batch against single images:
// an image's embedding does not depend on its neighbours.
func TestFamilyForward(t *testing.T) {
	for _, name := range models.Names() {
		t.Run(name, func(t *testing.T) {
			net, weights := small(t, name)
			x := crops(3, 9)
			batch := embed(t, net, weights, x, 3)
			for _, v := range batch {
				if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
					t.Fatal("an embedding is not finite")
				}
			}
			if slices.Equal(batch[:16], batch[16:32]) {
				t.Fatal("two images have one embedding")
			}
			one := embed(t, net, weights, x[len(x)/3:2*len(x)/3], 1)
			for i, v := range one {
				// The same sums in another grouping: float32 rounding of a few
				// hundred terms.
				if math.Abs(float64(v-batch[16+i])) > 1e-4 {
					t.Fatalf("element %d is %v alone and %v in a batch", i, v, batch[16+i])
				}
			}
		})
	}
}

func embed(t *testing.T, net models.Network, weights map[string][]float32, x []float32, batch int) []float32 {
	t.Helper()
	e, err := graph.NewExtractor(net, weights, batch, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	y, err := e.Run(x)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range net.Layers {
		if len(e.Layer(l.Name)) != batch*l.Out.Size() {
			t.Fatalf("output of %s has %d elements, want %d", l.Name, len(e.Layer(l.Name)), batch*l.Out.Size())
		}
	}
	if e.Layer("conv9") != nil {
		t.Error("a layer that is not there has an output")
	}
	return slices.Clone(y)
}

// TestTrainingGradients holds loss and gradients against a float64 reference:
// in any direction d the loss must rise by g·d. Along g itself that tests its
// length, in a random direction that no part of it is missing or misplaced. A
// central difference over 2e-6 is good to some 1e-8 in float64, and g is a
// float32 sum, of thousands of terms for the first layers: 1e-4 of its length
// is an order above what its rounding leaves.
func TestTrainingGradients(t *testing.T) {
	tests := []struct {
		network string
		head    models.Head
	}{
		{"sphereface4", models.Head{Kind: models.Softmax}},
		{"sphereface4", models.Head{Kind: models.Normalized, Scale: 10}},
		{"sphereface4", models.Head{Kind: models.ASoftmax, Margin: 4, LambdaMin: 5}},
		{"sphereface4", models.Head{Kind: models.CosFace, Margin: 0.3, Scale: 10}},
		{"sphereface10", models.Head{Kind: models.ArcFace, Margin: 0.3, Scale: 10}},
	}
	const classes, batch = 6, 2
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s_%s", test.network, test.head.Kind), func(t *testing.T) {
			net, weights := small(t, test.network)
			head := test.head
			weights[models.HeadWeight] = head.Initialize(net.Embedding(), classes, 5)
			training, err := graph.NewTraining(net, head, classes, weights, graph.Options{Batch: batch, Threads: 2})
			if err != nil {
				t.Fatal(err)
			}
			defer training.Close()
			x, labels, lambda := crops(batch, 3), []int32{0, 5}, head.Lambda(1<<20)
			loss, _, err := training.Step(x, labels, lambda, 0)
			if err != nil {
				t.Fatal(err)
			}
			reference := newReference(net, head, classes, weights)
			// Some hundred float32 roundings of a loss near 5.
			if want := reference.loss(x, labels, lambda); math.Abs(loss-want) > 1e-5*want {
				t.Errorf("loss %v, want %v", loss, want)
			}
			for _, p := range training.Params() {
				if len(p.Grad) != len(p.Value) {
					t.Fatalf("%s: gradient of %d elements for %d", p.Name, len(p.Grad), len(p.Value))
				}
				g := widen(p.Grad)
				length := norm64(g)
				for name, direction := range map[string][]float64{"its gradient": unit(g), "a random direction": random(len(g))} {
					slope := reference.slope(p.Name, direction, x, labels, lambda)
					if want := dot(g, direction); !(math.Abs(slope-want) <= 1e-4*length) || length == 0 {
						t.Errorf("%s: the loss rises by %v along %s, the gradient says %v (length %v)", p.Name, slope, name, want, length)
					}
				}
			}
		})
	}
}

// TestStepsRepeat: the same weights and batch give the same bits again, and an
// extractor over the weights of a training sees them change.
func TestStepsRepeat(t *testing.T) {
	net, weights := small(t, "sphereface4")
	head := models.Head{Kind: models.ASoftmax, Margin: 4, LambdaMin: 10}
	weights[models.HeadWeight] = head.Initialize(16, 3, 1)
	training, err := graph.NewTraining(net, head, 3, weights, graph.Options{Batch: 2, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer training.Close()
	extractor, err := graph.NewExtractor(net, weights, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer extractor.Close()
	x := crops(2, 4)
	first, _, err := training.Step(x, []int32{0, 2}, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	grad := slices.Clone(training.Params()[0].Grad)
	second, _, err := training.Step(x, []int32{0, 2}, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	if first != second || !slices.Equal(grad, training.Params()[0].Grad) {
		t.Errorf("a repeated step gives loss %v after %v, or another gradient", second, first)
	}
	before, conv := embedOnce(t, extractor, x), slices.Clone(extractor.Layer("conv1"))
	for _, p := range training.Params() {
		for i := range p.Value {
			p.Value[i] -= 0.1 * p.Grad[i]
		}
	}
	extractor.WeightsChanged()
	if slices.Equal(before, embedOnce(t, extractor, x)) || slices.Equal(conv, extractor.Layer("conv1")) {
		t.Error("the extractor does not see the weights learn")
	}
	after, _, err := training.Step(x, []int32{0, 2}, 10, 0)
	if err != nil {
		t.Fatal(err)
	}
	if after >= first {
		t.Errorf("loss %v after a step down the gradient, %v before", after, first)
	}
}

// TestDropout: with a share of 0.3, some seven in ten of the places of the last map have a
// gradient of their weights, in all channels, and which ones the key says.
func TestDropout(t *testing.T) {
	net, weights := small(t, "sphereface4")
	head := models.Head{Kind: models.Softmax}
	weights[models.HeadWeight] = head.Initialize(16, 3, 1)
	used := func(dropout float64, key uint64) []bool {
		training, err := graph.NewTraining(net, head, 3, weights, graph.Options{Batch: 1, Dropout: dropout, Threads: 2})
		if err != nil {
			t.Fatal(err)
		}
		defer training.Close()
		if _, _, err := training.Step(crops(1, 4), []int32{0}, 0, key); err != nil {
			t.Fatal(err)
		}
		for _, p := range training.Params() {
			if p.Name == "fc5_weight" {
				// The columns are in the order C, H, W.
				places := make([]bool, 7*6)
				for i := range p.Shape[1] {
					some := p.Grad[i] != 0
					if place := i % len(places); i < len(places) {
						places[place] = some
					} else if places[place] != some {
						t.Fatalf("dropout %v: place %d is dropped in one channel and not in another", dropout, place)
					}
				}
				return places
			}
		}
		t.Fatal("there is no fc5_weight")
		return nil
	}
	count := func(places []bool) (n float64) {
		for _, p := range places {
			if p {
				n++
			}
		}
		return n
	}
	if all := used(0, 1); count(all) != 7*6 {
		t.Errorf("without dropout %v of %v places have a gradient", count(all), 7*6)
	}
	const keys = 40
	left := 0.0
	for key := range uint64(keys) {
		left += count(used(0.3, key))
	}
	// Five standard deviations of a binomial: 94 of 1,680.
	const n = 7 * 6 * keys
	if math.Abs(left-0.7*n) > 5*math.Sqrt(n*0.7*0.3) {
		t.Errorf("with dropout %v of %v places have a gradient", left, n)
	}
	some := used(0.3, 1)
	if !slices.Equal(some, used(0.3, 1)) || slices.Equal(some, used(0.3, 2)) {
		t.Error("what is dropped is not what the key says")
	}
	if _, err := graph.NewTraining(net, head, 3, weights, graph.Options{Batch: 1, Dropout: 1, Threads: 2}); err == nil || !strings.Contains(err.Error(), "layer fc5 of sphereface4: ops: dropout of a share of 1") {
		t.Errorf("a share of 1: %v", err)
	}
}

func embedOnce(t *testing.T, e *graph.Extractor, x []float32) []float32 {
	t.Helper()
	y, err := e.Run(x)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(y)
}

func TestBadInput(t *testing.T) {
	net, weights := small(t, "sphereface4")
	if _, err := graph.NewExtractor(net, weights, 0, 1); err == nil {
		t.Error("a batch of 0 passes")
	}
	e, err := graph.NewExtractor(net, weights, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.Run(make([]float32, 7)); err == nil || !strings.Contains(err.Error(), "input has 7 values, want 32256") {
		t.Errorf("a short crop: %v", err)
	}
	head := models.Head{Kind: models.Softmax}
	if _, err := graph.NewTraining(net, head, 3, weights, graph.Options{Batch: 1, Threads: 1}); err == nil || !strings.Contains(err.Error(), models.HeadWeight) {
		t.Errorf("no head weight: %v", err)
	}
	delete(weights, "fc5_bias")
	if _, err := graph.NewExtractor(net, weights, 1, 1); err == nil || !strings.Contains(err.Error(), "fc5_bias is missing") {
		t.Errorf("a missing bias: %v", err)
	}
}
