package parity_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
	"github.com/sphereface-go/sphereface/internal/parity"
	"github.com/sphereface-go/sphereface/internal/parity/reference"
	"github.com/sphereface-go/sphereface/internal/verification"
	"github.com/sphereface-go/sphereface/models"
)

// newNetwork is a member of the family with weights that leave no parameter
// without effect: biases are not zero, and slopes differ from channel to
// channel.
func newNetwork(t *testing.T, name string, width float64, embedding int) (models.Network, map[string][]float32) {
	t.Helper()
	net, err := models.New(name, models.Options{Width: width, Embedding: embedding})
	if err != nil {
		t.Fatal(err)
	}
	weights := net.Initialize(1)
	for i, p := range net.Params() {
		if len(p.Shape) == 1 {
			weights[p.Name] = hashed(tensorSpec{Shape: p.Shape, A: 0.3, Seed: uint32(i)})
		}
	}
	return net, weights
}

// open writes the files of a network and opens the comparison.
func open(t *testing.T, net models.Network, width float64, weights, exported map[string][]float32) *parity.Comparison {
	t.Helper()
	contract := onnx.Contract{
		Network: net.Name, Width: width, Embedding: net.Embedding(),
		CropHeight: face.CropHeight, CropWidth: face.CropWidth, Mean: face.PixelMean, Std: face.PixelScale,
		Template: face.Template(), Alignment: string(face.AlignFixed), Mirror: true,
		TrainingData: "none", TrainingResult: "not validated", ConfigSHA256: strings.Repeat("0", 64),
	}
	s := parity.Subject{Network: net, Weights: weights, Threads: 2, Library: orttest.Library(t)}
	var err error
	if s.Model, err = onnx.Encode(net, exported, contract, onnx.Options{}); err != nil {
		t.Fatal(err)
	}
	if s.Layers, err = onnx.Encode(net, exported, contract, onnx.Options{Layers: true}); err != nil {
		t.Fatal(err)
	}
	c, err := parity.Open(s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// The three paths agree in every layer to 1e-5 or a thousandth of the value,
// whatever the layer's scale, for one crop, an even and an odd
// number, in a network without and one with residual units, and in the network
// of the paper at its full width.
func TestThreePaths(t *testing.T) {
	tests := []struct {
		name      string
		width     float64
		embedding int
		batches   []int
	}{
		{"sphereface4", 0.125, 32, []int{1, 2, 7}},
		{"sphereface10", 0.125, 32, []int{1, 2, 7}},
		{"sphereface4", 1, 512, []int{1, 2, 7}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s width %g", tt.name, tt.width), func(t *testing.T) {
			net, weights := newNetwork(t, tt.name, tt.width, tt.embedding)
			c := open(t, net, tt.width, weights, weights)
			var all parity.Report
			for _, n := range tt.batches {
				values, err := c.Compute(parity.RandomCrops(n, net.Input.Size(), uint64(n)), n)
				if err != nil {
					t.Fatal(err)
				}
				strictly(t, values, n)
				r, err := c.Report(values, n)
				if err != nil {
					t.Fatal(err)
				}
				if r.Images != n || len(r.Rows) != len(net.Layers) {
					t.Errorf("report of %d crops with %d rows", r.Images, len(r.Rows))
				}
				if err := r.Err(); err != nil {
					t.Errorf("%d crops: %v", n, err)
				}
				all = all.Merge(r)
			}
			var table strings.Builder
			if err := all.Print(&table); err != nil {
				t.Fatal(err)
			}
			t.Logf("%d crops in batches of %v\n%s", all.Images, tt.batches, table.String())
		})
	}
}

// strictly compares without regard to a layer's scale.
func strictly(t *testing.T, values map[parity.Path]parity.Values, n int) {
	t.Helper()
	for _, pair := range parity.Pairs {
		for name, want := range values[pair[0]] {
			d, err := parity.Compare(want, values[pair[1]][name], 1)
			if err != nil {
				t.Fatal(err)
			}
			if !d.Agree() {
				t.Errorf("%d crops, %s: %s gives %g where %s gives %g", n, name, pair[1], d.Got, pair[0], d.Want)
			}
		}
	}
}

// Whichever parameter of the file differs from the trainer's, by as little as
// 2%, the comparison says so, and names the layer that the parameter is in.
func TestDifferencesAreFound(t *testing.T) {
	const width = 0.125
	net, weights := newNetwork(t, "sphereface4", width, 16)
	for i, l := range net.Layers {
		for _, p := range l.Params() {
			changed := make(map[string][]float32)
			for name, values := range weights {
				changed[name] = slices.Clone(values)
			}
			for j := range changed[p.Name] {
				changed[p.Name][j] *= 1.02
			}
			r, err := open(t, net, width, weights, changed).Run(parity.RandomCrops(1, net.Input.Size(), 3), 1)
			if err != nil {
				t.Fatal(err)
			}
			row := l.Name
			if i == len(net.Layers)-1 {
				row = "embedding"
			}
			if err := r.Err(); err == nil || !strings.HasPrefix(err.Error(), "parity: "+row+": ONNX Runtime gives ") {
				t.Errorf("%s is 2%% off: error %v", p.Name, err)
			}
		}
	}
}

func TestOpenDamaged(t *testing.T) {
	net, weights := newNetwork(t, "sphereface4", 0.0625, 8)
	library := orttest.Library(t)
	for _, model := range [][]byte{nil, []byte("no model")} {
		c, err := parity.Open(parity.Subject{Network: net, Weights: weights, Model: model, Layers: model, Threads: 1, Library: library})
		if err == nil {
			c.Close()
			t.Errorf("a model of %d bytes is opened", len(model))
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("error of several lines: %q", err)
		}
	}
}

// tensorSpec names a tensor of testdata/reference by its shape and hash: see
// that file's convention.
type tensorSpec struct {
	Shape []int   `json:"shape"`
	A     float64 `json:"a"`
	Seed  uint32  `json:"seed"`
}

func hashed(s tensorSpec) []float32 {
	n := 1
	for _, d := range s.Shape {
		n *= d
	}
	return reference.Tensor(n, s.A, s.Seed)
}

type forward struct {
	Input  tensorSpec `json:"input"`
	Layers []struct {
		Weight    tensorSpec `json:"weight"`
		Bias      tensorSpec `json:"bias"`
		Slope     tensorSpec `json:"slope"`
		OutShape  []int      `json:"out_shape"`
		Mean      float64    `json:"mean"`
		Std       float64    `json:"std"`
		First8    []float64  `json:"first8"`
		Step      int        `json:"step"`
		EveryStep []float64  `json:"every_step"`
	} `json:"layers"`
	FC struct {
		Weight tensorSpec `json:"weight"`
		Bias   tensorSpec `json:"bias"`
	} `json:"fc"`
	Embedding [][]float64 `json:"embedding"`
	Cosine01  float64     `json:"cosine_0_1"`
}

// All three paths compute what PyTorch computes in float64, layer by layer, for
// SphereFace-4 at its full width.
func TestPyTorchReference(t *testing.T) {
	data, err := os.ReadFile("../../testdata/reference/sphereface4_forward.json")
	if err != nil {
		t.Fatal(err)
	}
	var ref forward
	if err := json.Unmarshal(data, &ref); err != nil {
		t.Fatal(err)
	}
	net, err := models.New("sphereface4", models.Options{})
	if err != nil {
		t.Fatal(err)
	}
	weights := make(map[string][]float32)
	for i, l := range net.Layers[:len(net.Layers)-1] {
		weights[l.WeightName()] = hashed(ref.Layers[i].Weight)
		weights[l.BiasName()] = hashed(ref.Layers[i].Bias)
		weights[l.SlopeName()] = hashed(ref.Layers[i].Slope)
	}
	fc := net.Layers[len(net.Layers)-1]
	weights[fc.WeightName()], weights[fc.BiasName()] = hashed(ref.FC.Weight), hashed(ref.FC.Bias)

	n := ref.Input.Shape[0]
	values, err := open(t, net, 1, weights, weights).Compute(hashed(ref.Input), n)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []parity.Path{parity.Gorgonia, parity.ONNXRuntime, parity.OnnxGo} {
		for i, want := range ref.Layers {
			name := net.Layers[i].Name
			got := values[path][name]
			size := 1
			for _, d := range want.OutShape {
				size *= d
			}
			if len(got) != size {
				t.Fatalf("%s: %s has %d values, want %v", path, name, len(got), want.OutShape)
			}
			var every []float32
			for j := 0; j < len(got); j += want.Step {
				every = append(every, got[j])
			}
			closeTo(t, path, name+" first values", got[:8], want.First8)
			closeTo(t, path, name+" sampled values", every, want.EveryStep)
			mean, std := moments(got)
			closeTo(t, path, name+" mean and deviation", []float32{mean, std}, []float64{want.Mean, want.Std})
		}
		got := values[path]["embedding"]
		e := len(got) / n
		closeTo(t, path, "embedding", got, slices.Concat(ref.Embedding...))
		closeTo(t, path, "cosine", []float32{float32(verification.Cosine(got[:e], got[e:]))}, []float64{ref.Cosine01})
	}
}

// closeTo applies the tolerance of the parity comparison and prints the worst
// difference.
func closeTo(t *testing.T, path parity.Path, what string, got []float32, want []float64) {
	t.Helper()
	rounded := make([]float32, len(want))
	for i, v := range want {
		rounded[i] = float32(v)
	}
	d, err := parity.Compare(rounded, got, 1)
	if err != nil {
		t.Fatalf("%s: %s: %v", path, what, err)
	}
	if !d.Agree() {
		t.Errorf("%s: %s: value %d is %g, want %g", path, what, d.Index, d.Got, d.Want)
	}
	t.Logf("%-12s %-24s worst difference %.2e", path, what, d.Worst)
}

// moments are the mean and the standard deviation (of the values, not of a
// sample).
func moments(x []float32) (mean, std float32) {
	var sum, squares float64
	for _, v := range x {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	m := sum / float64(len(x))
	return float32(m), float32(math.Sqrt(squares/float64(len(x)) - m*m))
}
