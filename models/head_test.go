package models

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
)

// TestPsiReference compares with ψ computed from the angle in float64 by
// PyTorch, to the digits that the file gives.
func TestPsiReference(t *testing.T) {
	data, err := os.ReadFile("../testdata/reference/asoftmax.json")
	if err != nil {
		t.Fatal(err)
	}
	var reference struct {
		Cases []struct {
			M      int
			Labels []int
			Cos    [][]float64 `json:"cos_theta"`
			Psi    []float64   `json:"psi_target"`
		}
	}
	if err := json.Unmarshal(data, &reference); err != nil {
		t.Fatal(err)
	}
	if len(reference.Cases) == 0 {
		t.Fatal("no cases in the reference")
	}
	for _, c := range reference.Cases {
		for i, label := range c.Labels {
			if got, _ := Psi(c.M, c.Cos[i][label]); math.Abs(got-c.Psi[i]) > 1e-12 {
				t.Errorf("m %d: ψ at cos θ %v is %v, want %v", c.M, c.Cos[i][label], got, c.Psi[i])
			}
		}
	}
}

// TestTargets holds every margin against its formula in the angle, its
// derivative against a central difference, and both against falling with θ.
func TestTargets(t *testing.T) {
	heads := map[string]Head{
		"softmax":    {Kind: Softmax},
		"normalized": {Kind: Normalized, Scale: 30},
		"asoftmax1":  {Kind: ASoftmax, Margin: 1},
		"asoftmax2":  {Kind: ASoftmax, Margin: 2},
		"asoftmax3":  {Kind: ASoftmax, Margin: 3},
		"asoftmax4":  {Kind: ASoftmax, Margin: 4},
		"cosface":    {Kind: CosFace, Margin: 0.35, Scale: 30},
		"arcface":    {Kind: ArcFace, Margin: 0.5, Scale: 30},
	}
	for name, h := range heads {
		if err := h.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		before := math.Inf(1)
		// Off the borders kπ/m, where the difference would straddle two k.
		for theta := 0.05; theta < math.Pi; theta += 0.0301 {
			lambda := 3.0
			cos := math.Cos(theta)
			value, derivative := h.Target(cos, lambda)
			if want := formula(h, theta, lambda); math.Abs(value-want) > 1e-12 {
				t.Errorf("%s at θ = %.3f: %v, want %v", name, theta, value, want)
			}
			if value > before+1e-12 {
				t.Errorf("%s rises at θ = %.3f", name, theta)
			}
			before = value
			const step = 1e-6
			up, _ := h.Target(cos+step, lambda)
			down, _ := h.Target(cos-step, lambda)
			// The second derivative is below 100 here, so that the difference
			// is good to about 1e-9 by truncation and 1e-9 by rounding.
			if numeric := (up - down) / (2 * step); math.Abs(numeric-derivative) > 1e-4*(1+math.Abs(derivative)) {
				t.Errorf("%s at θ = %.3f: derivative %v, by difference %v", name, theta, derivative, numeric)
			}
		}
	}
}

// formula is the margin as its paper writes it, in the angle.
func formula(h Head, theta, lambda float64) float64 {
	switch h.Kind {
	case ASoftmax:
		k := math.Floor(h.Margin * theta / math.Pi)
		psi := math.Pow(-1, k)*math.Cos(h.Margin*theta) - 2*k
		return (lambda*math.Cos(theta) + psi) / (1 + lambda)
	case CosFace:
		return math.Cos(theta) - h.Margin
	case ArcFace:
		if theta+h.Margin > math.Pi {
			return math.Cos(theta) - h.Margin*math.Sin(h.Margin)
		}
		return math.Cos(theta + h.Margin)
	}
	return math.Cos(theta)
}

func TestTargetAtThePoles(t *testing.T) {
	for _, h := range []Head{{Kind: ASoftmax, Margin: 4}, {Kind: ArcFace, Margin: 0.5, Scale: 64}} {
		for _, cos := range []float64{-1.0000001, -1, 1, 1.0000001} {
			value, derivative := h.Target(cos, 0)
			if math.IsNaN(value) || math.IsNaN(derivative) || math.IsInf(derivative, 0) {
				t.Errorf("%s at cos θ = %v: %v and derivative %v", h.Kind, cos, value, derivative)
			}
		}
	}
}

func TestLambda(t *testing.T) {
	h := Head{Kind: ASoftmax, Margin: 4, LambdaBase: 1500, LambdaMin: 10, LambdaGamma: 0.1}
	for step, want := range map[int]float64{0: 1500, 10: 750, 1e6: 10} {
		if got := h.Lambda(step); got != want {
			t.Errorf("λ at step %d is %v, want %v", step, got, want)
		}
	}
	if got := (Head{Kind: CosFace, LambdaMin: 5}).Lambda(0); got != 0 {
		t.Errorf("λ of CosFace is %v, want 0", got)
	}
}

func TestHeadValidate(t *testing.T) {
	tests := []struct {
		head Head
		want string
	}{
		{Head{Kind: "tripletloss"}, "unknown head"},
		{Head{Kind: ASoftmax, Margin: 5}, "margin 5"},
		{Head{Kind: ASoftmax, Margin: 2.5}, "margin 2.5"},
		{Head{Kind: ASoftmax, Margin: 4, LambdaMin: math.NaN()}, "lambda"},
		{Head{Kind: CosFace, Margin: 1, Scale: 30}, "margin 1"},
		{Head{Kind: ArcFace, Margin: 2, Scale: 30}, "margin 2"},
		{Head{Kind: ArcFace, Margin: 0.5}, "scale 0"},
		{Head{Kind: Normalized, Scale: -1}, "scale -1"},
	}
	for _, test := range tests {
		if err := test.head.Validate(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: error %v, want %q", test.head, err, test.want)
		}
	}
}

func TestHeadInitialize(t *testing.T) {
	const embedding, classes = 32, 5
	w := Head{Kind: ASoftmax}.Initialize(embedding, classes, 1)
	for j := range classes {
		var squares float64
		for i := range embedding {
			squares += float64(w[i*classes+j]) * float64(w[i*classes+j])
		}
		// 32 squares of float32, each rounded to 6e-8.
		if math.Abs(squares-1) > 1e-6 {
			t.Errorf("column %d has length² %v, want 1", j, squares)
		}
	}
}
