package ops_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/ops"
	"github.com/sphereface-go/sphereface/models"
)

// marginGraph is a graph of nothing but a head over given embeddings.
type marginGraph struct {
	loss  *ops.Loss
	grads gorgonia.Nodes
	vm    gorgonia.VM
}

func newMarginGraph(t *testing.T, h models.Head, x, w []float32, labels []int32, lambda float64, threads int) *marginGraph {
	t.Helper()
	n := len(labels)
	d := len(x) / n
	classes := len(w) / d
	g := gorgonia.NewGraph()
	xn := gorgonia.NewMatrix(g, tensor.Float32, gorgonia.WithShape(n, d), gorgonia.WithName("x"), gorgonia.WithValue(tensor.New(tensor.WithShape(n, d), tensor.WithBacking(x))))
	wn := gorgonia.NewMatrix(g, tensor.Float32, gorgonia.WithShape(d, classes), gorgonia.WithName("w"), gorgonia.WithValue(tensor.New(tensor.WithShape(d, classes), tensor.WithBacking(w))))
	yn := gorgonia.NewVector(g, tensor.Int32, gorgonia.WithShape(n), gorgonia.WithName("labels"), gorgonia.WithValue(tensor.New(tensor.WithShape(n), tensor.WithBacking(labels))))
	ln := gorgonia.NewScalar(g, tensor.Float32, gorgonia.WithName("lambda"), gorgonia.WithValue(float32(lambda)))
	loss, err := ops.MarginSoftmax(xn, wn, yn, ln, ops.Margin{
		Name: fmt.Sprint(h), NormalizeWeight: h.NormalizesWeight(), FeatureScale: h.FeatureScale(), Target: h.Target,
	}, threads)
	if err != nil {
		t.Fatal(err)
	}
	grads, err := gorgonia.Grad(loss.Mean, xn, wn)
	if err != nil {
		t.Fatal(err)
	}
	m := &marginGraph{loss: loss, grads: grads, vm: gorgonia.NewTapeMachine(g)}
	t.Cleanup(func() { m.vm.Close() })
	return m
}

func (m *marginGraph) run(t *testing.T) float64 {
	t.Helper()
	m.vm.Reset()
	if err := m.vm.RunAll(); err != nil {
		t.Fatal(err)
	}
	return float64(m.loss.Mean.Value().Data().(float32))
}

// TestASoftmaxReference compares loss and gradients with values computed by
// PyTorch in float64. Both sides are sums of up to eight float32 products of
// numbers up to 5: 1e-5 of the tensor's largest element is some 80 rounding
// errors.
func TestASoftmaxReference(t *testing.T) {
	const tolerance = 1e-5
	data, err := os.ReadFile("../../testdata/reference/asoftmax.json")
	if err != nil {
		t.Fatal(err)
	}
	var reference struct {
		Cases []struct {
			M        float64
			Lam      float64
			X, W     [][]float64
			Labels   []int32
			LossMean float64     `json:"loss_mean"`
			GradX    [][]float64 `json:"grad_x"`
			GradW    [][]float64 `json:"grad_w"`
		}
	}
	if err := json.Unmarshal(data, &reference); err != nil {
		t.Fatal(err)
	}
	if len(reference.Cases) == 0 {
		t.Fatal("no cases in the reference")
	}
	for i, c := range reference.Cases {
		t.Run(fmt.Sprintf("%d_m%v_lambda%v", i, c.M, c.Lam), func(t *testing.T) {
			h := models.Head{Kind: models.ASoftmax, Margin: c.M}
			m := newMarginGraph(t, h, flat(c.X), flat(c.W), c.Labels, c.Lam, 2)
			if loss := m.run(t); math.Abs(loss-c.LossMean) > tolerance*c.LossMean {
				t.Errorf("loss %v, want %v", loss, c.LossMean)
			}
			for j, want := range [][]float32{flat(c.GradX), flat(c.GradW)} {
				got := m.grads[j].Value().Data().([]float32)
				if d := worst(got, want); d > tolerance {
					t.Errorf("gradient %s is off by %.2g of its largest element", [2]string{"x", "w"}[j], d)
				}
			}
		})
	}
}

// TestMarginGradients compares every head's gradients with central differences
// of its loss. The loss is a float32: with a step of 1/64 a difference is good
// to about 2e-7·|loss|·64, and its truncation error to (1/64)²/6 times the
// third derivative; 2% of the largest element covers both.
func TestMarginGradients(t *testing.T) {
	heads := []models.Head{
		{Kind: models.Softmax},
		{Kind: models.Normalized, Scale: 8},
		{Kind: models.ASoftmax, Margin: 1},
		{Kind: models.ASoftmax, Margin: 4},
		{Kind: models.CosFace, Margin: 0.3, Scale: 8},
		{Kind: models.ArcFace, Margin: 0.4, Scale: 8},
	}
	const n, d, classes, step = 5, 6, 7, 1.0 / 64
	for _, h := range heads {
		t.Run(fmt.Sprintf("%s_%v", h.Kind, h.Margin), func(t *testing.T) {
			r := rand.New(rand.NewPCG(11, 12))
			x, w, labels := make([]float32, n*d), make([]float32, d*classes), make([]int32, n)
			for i := range x {
				x[i] = float32(2 * r.NormFloat64())
			}
			for i := range w {
				w[i] = float32(2 * r.NormFloat64())
			}
			for i := range labels {
				labels[i] = int32(r.IntN(classes))
			}
			m := newMarginGraph(t, h, x, w, labels, 2, 3)
			m.run(t)
			for j, values := range [][]float32{x, w} {
				got := append([]float32(nil), m.grads[j].Value().Data().([]float32)...)
				want := make([]float32, len(got))
				for i, v := range values {
					values[i] = v + step
					up := m.run(t)
					values[i] = v - step
					down := m.run(t)
					values[i] = v
					want[i] = float32((up - down) / (2 * step))
				}
				if d := worst(got, want); d > 0.02 {
					t.Errorf("gradient %s is off by %.2g of its largest element", [2]string{"x", "w"}[j], d)
				}
			}
		})
	}
}

func TestMarginCorrectAndBadLabel(t *testing.T) {
	x, w := []float32{1, 0, 0, 1, 1, 0.5}, []float32{1, 0, 0, 1}
	labels := []int32{0, 1, 1}
	m := newMarginGraph(t, models.Head{Kind: models.ASoftmax, Margin: 2}, x, w, labels, 5, 1)
	m.run(t)
	// The third embedding lies nearer the first class than its own.
	if m.loss.Correct() != 2 {
		t.Errorf("%d correct, want 2", m.loss.Correct())
	}
	labels[1] = 2
	m.vm.Reset()
	if err := m.vm.RunAll(); err == nil {
		t.Error("a label past the last class passes")
	}
}

func TestZeroEmbedding(t *testing.T) {
	for _, h := range []models.Head{{Kind: models.ASoftmax, Margin: 4}, {Kind: models.ArcFace, Margin: 0.5, Scale: 30}} {
		m := newMarginGraph(t, h, make([]float32, 4), []float32{1, 0, 0, 1}, []int32{0, 1}, 5, 1)
		// Both classes are equally near an embedding of length 0: but for what
		// ArcFace's margin takes off, the loss is log 2.
		if loss := m.run(t); math.IsNaN(loss) || loss < math.Log(2)-1e-6 {
			t.Errorf("%s: loss %v of a zero embedding", h.Kind, loss)
		}
		for _, g := range m.grads {
			for _, v := range g.Value().Data().([]float32) {
				if math.IsNaN(float64(v)) {
					t.Fatalf("%s: a gradient of a zero embedding is no number", h.Kind)
				}
			}
		}
	}
}

func flat(rows [][]float64) []float32 {
	var out []float32
	for _, r := range rows {
		for _, v := range r {
			out = append(out, float32(v))
		}
	}
	return out
}

// worst is the largest difference over the largest element of want.
func worst(got, want []float32) float64 {
	if len(got) != len(want) {
		return math.Inf(1)
	}
	var difference, largest float64
	for i := range want {
		difference = max(difference, math.Abs(float64(got[i])-float64(want[i])))
		largest = max(largest, math.Abs(float64(want[i])))
	}
	return difference / largest
}
