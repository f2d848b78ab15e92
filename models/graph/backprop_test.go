package graph_test

import (
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface/models"
	"github.com/sphereface-go/sphereface/models/graph"
)

// backprop computes the gradients of all parameters in float64. A PReLU's side
// is taken from the float32 outputs of the layers: next to zero the two may
// disagree, and the loss has a kink there.
type backprop struct {
	*reference
	outputs map[string][]float32 // of the layers, batch×C×H×W
	grads   map[string][]float64
}

func newBackprop(r *reference, outputs map[string][]float32) *backprop {
	b := &backprop{r, outputs, map[string][]float64{}}
	for name, w := range r.weights {
		b.grads[name] = make([]float64, len(w))
	}
	return b
}

// image adds the gradients of one of n images, the i-th.
func (b *backprop) image(x []float64, i, n, label int, lambda float64) {
	inputs, outputs := map[string][]float64{}, map[string][]float64{}
	for _, l := range b.net.Layers {
		inputs[l.Name] = x
		if l.Kind == models.Conv {
			x = b.conv(l, x)
			if l.Skip != "" {
				for j, v := range outputs[l.Skip] {
					x[j] += v
				}
			}
		} else {
			x = b.linear(l, x)
		}
		outputs[l.Name] = x
	}
	grad := map[string][]float64{b.net.Layers[len(b.net.Layers)-1].Name: b.headGradient(x, n, label, lambda)}
	for k, l := range slices.Backward(b.net.Layers) {
		dy := grad[l.Name]
		var dx []float64
		if l.Kind == models.Conv {
			if l.Skip != "" {
				accumulate(grad, l.Skip, dy)
			}
			y := slices.Clone(b.outputs[l.Name][i*l.Out.Size():][:l.Out.Size()])
			if l.Skip != "" {
				for j, v := range b.outputs[l.Skip][i*l.Out.Size():][:l.Out.Size()] {
					y[j] -= v
				}
			}
			dx = b.convGradient(l, inputs[l.Name], y, dy)
		} else {
			dx = b.linearGradient(l, inputs[l.Name], dy)
		}
		if k > 0 {
			accumulate(grad, b.net.Layers[k-1].Name, dx)
		}
	}
}

func accumulate(grad map[string][]float64, name string, g []float64) {
	if grad[name] == nil {
		grad[name] = make([]float64, len(g))
	}
	for i, v := range g {
		grad[name][i] += v
	}
}

// headGradient differentiates the loss of an image by central differences, which
// at 1e-6 are good to some 1e-9, and returns the gradient of the embedding.
func (b *backprop) headGradient(embedding []float64, n, label int, lambda float64) []float64 {
	const h = 1e-6
	slope := func(v *float64) float64 {
		start := *v
		*v = start + h
		above := b.crossEntropy(embedding, label, lambda)
		*v = start - h
		below := b.crossEntropy(embedding, label, lambda)
		*v = start
		return (above - below) / (2 * h) / float64(n)
	}
	dx := make([]float64, len(embedding))
	for i := range dx {
		dx[i] = slope(&embedding[i])
	}
	w := b.weights[models.HeadWeight]
	for i := range w {
		b.grads[models.HeadWeight][i] += slope(&w[i])
	}
	return dx
}

func (b *backprop) linearGradient(l models.Layer, x, dy []float64) []float64 {
	w, dw, dbias := b.weights[l.WeightName()], b.grads[l.WeightName()], b.grads[l.BiasName()]
	dx := make([]float64, len(x))
	for o, d := range dy {
		dbias[o] += d
		for i, v := range x {
			dw[o*len(x)+i] += d * v
			dx[i] += d * w[o*len(x)+i]
		}
	}
	return dx
}

// convGradient takes dy through the PReLU, whose output in float32 is y, and the
// convolution.
func (b *backprop) convGradient(l models.Layer, x []float64, y []float32, dy []float64) []float64 {
	w, slope, bias := b.weights[l.WeightName()], b.weights[l.SlopeName()], b.weights[l.BiasName()]
	dw, dslope, dbias := b.grads[l.WeightName()], b.grads[l.SlopeName()], b.grads[l.BiasName()]
	dx := make([]float64, len(x))
	area := l.Kernel * l.Kernel
	for o := range l.Out.C {
		for row := range l.Out.H {
			for column := range l.Out.W {
				at := (o*l.Out.H+row)*l.Out.W + column
				v, d := float64(y[at]), dy[at]
				if !(v > 0) { // every slope is positive: v has the sign of z
					dslope[o] += d * v / slope[o]
					d *= slope[o]
				}
				if bias != nil {
					dbias[o] += d
				}
				for c := range l.In.C {
					for k := range area {
						h, q := row*l.Stride+k/l.Kernel-l.Pad, column*l.Stride+k%l.Kernel-l.Pad
						if h >= 0 && h < l.In.H && q >= 0 && q < l.In.W {
							from, tap := (c*l.In.H+h)*l.In.W+q, (o*l.In.C+c)*area+k
							dw[tap] += d * x[from]
							dx[from] += d * w[tap]
						}
					}
				}
			}
		}
	}
	return dx
}

// TestGradientsOfTheWholeNetwork holds the gradient of every parameter of a
// network of full width against float64: the difference must be less than 1e-5
// of the tensor's length. PyTorch's own float32 is up to 3.5e-6 away.
func TestGradientsOfTheWholeNetwork(t *testing.T) {
	if testing.Short() {
		t.Skip("some billion products in float64")
	}
	for _, c := range []struct {
		name  string
		width float64
	}{{"sphereface4", 1}, {"sphereface20", 0.5}} {
		net, err := models.New(c.name, models.Options{Width: c.width})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(c.name, func(t *testing.T) { checkGradients(t, net) })
	}
}

func checkGradients(t *testing.T, net models.Network) {
	const classes, batch = 5, 2
	weights := net.Initialize(3)
	head := models.Head{Kind: models.ASoftmax, Margin: 4, LambdaMin: 5}
	weights[models.HeadWeight] = head.Initialize(net.Embedding(), classes, 5)
	x, labels, lambda := crops(batch, 6), []int32{1, 4}, head.Lambda(1<<20)

	training, err := graph.NewTraining(net, head, classes, weights, graph.Options{Batch: batch, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer training.Close()
	if _, _, err := training.Step(x, labels, lambda, 0); err != nil {
		t.Fatal(err)
	}
	outputs := map[string][]float32{}
	for _, l := range net.Layers {
		outputs[l.Name] = training.Layer(l.Name)
	}
	b := newBackprop(newReference(net, head, classes, weights), outputs)
	size := net.Input.Size()
	for i, label := range labels {
		b.image(widen(x[i*size:][:size]), i, batch, int(label), lambda)
	}
	for _, p := range training.Params() {
		want := b.grads[p.Name]
		difference := make([]float64, len(want))
		for i, v := range want {
			difference[i] = float64(p.Grad[i]) - v
		}
		relative := norm64(difference) / norm64(want)
		t.Logf("%-14s %.2e", p.Name, relative)
		if !(relative <= 1e-5) {
			t.Errorf("gradient of %s is off by %.2e of its length", p.Name, relative)
		}
	}
}
