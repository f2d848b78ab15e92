package trainer

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/models"
)

// newBare is a trainer with its loader and nothing attached.
func newBare(t *testing.T, c config.Config) (*Trainer, *dataset.Loader) {
	t.Helper()
	faces, err := OpenFaces(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = faces.Close() })
	loader, err := dataset.NewLoader(faces.Train, dataset.LoaderOptions{BatchSize: c.Train.Batch, Seed: c.Seed})
	if err != nil {
		t.Fatal(err)
	}
	tr, err := New(c, Data{Source: loader, Images: faces.Train.Len(), Classes: len(faces.Train.People), Hash: faces.Hash()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.Close() })
	return tr, loader
}

// TestScheduleAndLambdaReachTheSteps has every step done with the rate and the λ
// of its number, which the config's formulas give.
func TestScheduleAndLambdaReachTheSteps(t *testing.T) {
	c := parse(t, tiny)
	c.Train.Epochs, c.Head.LambdaBase, c.Head.LambdaMin, c.Head.LambdaGamma = 2, 1000, 150, 1
	tr, _ := newBare(t, c)
	steps := 0
	tr.OnStep(func(s Step) error {
		at := steps // of this step, from 0
		steps++
		// Warm-up over 2 steps, then half a cosine over the other 8.
		rate := c.Solver.Rate * float64(at+1) / 2
		if at >= 2 {
			rate = c.Solver.Rate * (1 + math.Cos(math.Pi*float64(at-2)/8)) / 2
		}
		lambda := max(150, 1000/(1+float64(at)))
		if s.Step != steps || math.Abs(s.Rate-rate) > 1e-15 || math.Abs(s.Lambda-lambda) > 1e-12 {
			t.Errorf("step %d: rate %v, want %v; λ %v, want %v", s.Step, s.Rate, rate, s.Lambda, lambda)
		}
		return nil
	})
	tr.OnEpoch(func(_ context.Context, e *Epoch) error {
		if want := max(150, 1000/float64(steps)); e.Lambda != want {
			t.Errorf("epoch %d: λ %v, want %v", e.Epoch, e.Lambda, want)
		}
		return nil
	})
	if err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if steps != 10 {
		t.Errorf("%d steps, want 10", steps)
	}
}

// TestStepsFollowTheFormulas replays two steps in float64: gradients of another
// graph over the same weights, with what the seed and the step drop out, clipped, decayed where a parameter is a weight of a
// layer or of the head and nowhere else, gathered with momentum, times the rate.
func TestStepsFollowTheFormulas(t *testing.T) {
	c := parse(t, tiny)
	c.Solver.ClipNorm, c.Solver.WeightDecay, c.Solver.Rate, c.Solver.Momentum = 0.5, 0.3, 0.05, 0.8
	c.Head.LambdaBase, c.Head.LambdaGamma = 40, 1
	c.Network.Dropout = 0.25
	replayed, loader := newBare(t, c)
	weights, velocity := map[string][]float64{}, map[string][]float64{}
	for name, w := range replayed.Weights() {
		for _, v := range w {
			weights[name] = append(weights[name], float64(v))
		}
		velocity[name] = make([]float64, len(w))
	}
	step := 0
	for b, err := range loader.Epoch(t.Context(), 0, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := replayed.model.Step(b.X, b.Labels, []float64{40, 20}[step], rand.NewPCG(c.Seed, uint64(step)).Uint64()); err != nil {
			t.Fatal(err)
		}
		params := replayed.model.Params()
		norm := 0.0
		for _, p := range params {
			for _, g := range p.Grad {
				norm += float64(g) * float64(g)
			}
		}
		norm = math.Sqrt(norm)
		if norm <= 0.5 {
			t.Fatalf("step %d: the gradient of norm %v is not clipped: the test does not see it", step, norm)
		}
		rate := []float64{0.025, 0.05}[step] // warm-up over two steps
		for _, p := range params {
			decay := 0.0
			if strings.HasSuffix(p.Name, "_weight") {
				decay = 0.3
			}
			w, v := weights[p.Name], velocity[p.Name]
			for i, g := range p.Grad {
				v[i] = 0.8*v[i] + float64(g)*0.5/norm + decay*w[i]
				w[i] -= rate * v[i]
				replayed.weights[p.Name][i] = float32(w[i])
			}
		}
		if step++; step == 2 {
			break
		}
	}

	tr, _ := newBare(t, c)
	stop := errors.New("two steps")
	tr.OnStep(func(s Step) error {
		if s.Step == 2 {
			return stop
		}
		return nil
	})
	if err := tr.Run(t.Context()); !errors.Is(err, stop) {
		t.Fatal(err)
	}
	for name, want := range weights {
		for i, w := range tr.Weights()[name] {
			// Values of up to 2 in float32 have 1.2e-7 a rounding; slopes and biases
			// that decayed would be off by a hundredth of their size.
			if math.Abs(float64(w)-want[i]) > 2e-6 {
				t.Fatalf("%s[%d] = %v, want %v", name, i, w, want[i])
			}
		}
	}
	if !slices.ContainsFunc(tr.Params(), func(p models.Param) bool { return strings.HasSuffix(p.Name, "_slope") }) {
		t.Error("the network has no slopes: the test does not see their decay")
	}
}

// TestLastEpochIsValidated validates epoch 2 as every second, and 3 as the last.
func TestLastEpochIsValidated(t *testing.T) {
	s := newSession(t, filepath.Join(t.TempDir(), "run"), parse(t, tiny))
	var validated []int
	s.OnEpoch(func(_ context.Context, e *Epoch) error {
		if e.Validation != nil {
			validated = append(validated, e.Epoch)
		}
		return nil
	})
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(validated, []int{2, 3}) {
		t.Errorf("validated after the epochs %v, want 2 and 3", validated)
	}
}

// A network that has blown up may still have a finite loss: its embeddings say
// so first.
func TestNotFiniteEmbeddingStops(t *testing.T) {
	s := newSession(t, t.TempDir(), parse(t, tiny))
	s.OnStep(func(Step) error {
		clear(s.Weights()["fc5_weight"])
		clear(s.Weights()["fc5_bias"])
		return nil
	})
	var notFinite *NotFiniteError
	if err := s.Run(t.Context()); !errors.As(err, &notFinite) || !strings.Contains(err.Error(), "embedding of a held-out face") {
		t.Fatalf("embeddings of length 0: %v", err)
	}
}

// TestOtherDataAreRefused changes what counts do not show.
func TestOtherDataAreRefused(t *testing.T) {
	c := parse(t, tiny)
	tr, _ := newBare(t, c)
	saved := func() *checkpoint.Checkpoint { return tr.Checkpoint() }
	if err := tr.Restore(saved()); err != nil {
		t.Fatal(err)
	}
	other := saved()
	other.DataHash = strings.Repeat("0", 64)
	if err := tr.Restore(other); err == nil || !strings.Contains(err.Error(), "bring back the data as they were, or start another run") || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
	other.DataHash = "" // of an older program
	if err := tr.Restore(other); err != nil {
		t.Error(err)
	}
}

// TestHash changes with a person's name, an image's number or file name, and who is
// held out, and with nothing else.
func TestHash(t *testing.T) {
	set := func(person string, number int, path string) *dataset.Set {
		s, err := dataset.NewSet([]string{"ann", person}, []dataset.Image{{Path: "x/1.jpg", Number: 1}, {Path: path, Person: 1, Number: number}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	a, b := set("bob", 1, "x/2.jpg"), set("cid", 1, "x/2.jpg")
	want := (&Faces{Train: a, Held: b}).Hash()
	if got := (&Faces{Train: set("bob", 1, "elsewhere/2.jpg"), Held: b}).Hash(); got != want {
		t.Error("the folder counts")
	}
	for name, f := range map[string]*Faces{
		"name": {Train: set("bo", 1, "x/2.jpg"), Held: b}, "number": {Train: set("bob", 2, "x/2.jpg"), Held: b},
		"file": {Train: set("bob", 1, "x/3.jpg"), Held: b}, "held out": {Train: b, Held: a}, "nobody held out": {Train: a},
	} {
		if f.Hash() == want {
			t.Errorf("%s: the same hash", name)
		}
	}
}

// TestDropoutReachesTheSteps: the first step's loss is another one with dropout, and
// with another seed of it.
func TestDropoutReachesTheSteps(t *testing.T) {
	c := parse(t, tiny)
	first := func(dropout float64) (loss float64) {
		c.Network.Dropout = dropout
		tr, _ := newBare(t, c)
		stop := errors.New("one step")
		tr.OnStep(func(s Step) error { loss = s.Loss; return stop })
		if err := tr.Run(t.Context()); !errors.Is(err, stop) {
			t.Fatal(err)
		}
		return loss
	}
	if without, with := first(0), first(0.25); without == with {
		t.Errorf("the loss is %v with dropout and without", with)
	}
	tr, _ := newBare(t, c)
	draws := map[uint64]bool{}
	for range 100 {
		draws[tr.draw()] = true
		tr.step++
	}
	tr.config.Seed++
	if draws[tr.draw()] || len(draws) != 100 {
		t.Errorf("100 steps have %d numbers, or another seed one of them", len(draws))
	}
}
