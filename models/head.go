package models

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// HeadWeight is the name of the head's weight, [embedding, classes]: one
// column a class. It stands in checkpoints and is never exported.
const HeadWeight = "head_weight"

// HeadKind names a head: what turns an embedding into logits for training.
type HeadKind string

// The heads. In all of them θ is the angle between an embedding x and the
// column of a class, and none has a bias.
const (
	// Softmax is the plain one: logit = w·x.
	Softmax HeadKind = "softmax"
	// Normalized is softmax over s·cos θ: F. Wang et al., "NormFace", 2017.
	Normalized HeadKind = "normalized"
	// ASoftmax is SphereFace's: logit = |x| cos θ, and for the true class
	// |x| (λ cos θ + ψ(θ)) / (1 + λ): Liu et al. 2017, eq. 7 and section 4.2.
	ASoftmax HeadKind = "asoftmax"
	// CosFace takes the margin off the cosine: s (cos θ − m) for the true
	// class: H. Wang et al., "CosFace", 2018, eq. 4.
	CosFace HeadKind = "cosface"
	// ArcFace adds the margin to the angle: s cos(θ + m) for the true class:
	// Deng et al., "ArcFace", 2019, eq. 3.
	ArcFace HeadKind = "arcface"
)

// HeadKinds lists the heads.
func HeadKinds() []HeadKind { return []HeadKind{Softmax, Normalized, ASoftmax, CosFace, ArcFace} }

// Head is a training head as data.
type Head struct {
	Kind HeadKind
	// Margin is m: the multiplier 1…4 of A-Softmax, the cosine that CosFace
	// takes off, the angle in radians that ArcFace adds.
	Margin float64
	// Scale is s, the length that embeddings are brought to by Normalized,
	// CosFace and ArcFace.
	Scale float64
	// LambdaBase, LambdaMin and LambdaGamma anneal A-Softmax: see Lambda.
	LambdaBase, LambdaMin, LambdaGamma float64
}

// Validate tells what is wrong with the settings that the kind uses.
func (h Head) Validate() error {
	switch h.Kind {
	case Softmax:
		return nil
	case Normalized:
		return h.validateScale()
	case ASoftmax:
		if h.Margin != 1 && h.Margin != 2 && h.Margin != 3 && h.Margin != 4 {
			return fmt.Errorf("models: head asoftmax: margin %v: want 1, 2, 3 or 4", h.Margin)
		}
		for _, v := range []float64{h.LambdaBase, h.LambdaMin, h.LambdaGamma} {
			if !(v >= 0) || math.IsInf(v, 0) {
				return errors.New("models: head asoftmax: lambda_base, lambda_min and lambda_gamma must be 0 or above")
			}
		}
		return nil
	case CosFace:
		if !(h.Margin >= 0 && h.Margin < 1) {
			return fmt.Errorf("models: head cosface: margin %v: want a cosine from 0 to below 1", h.Margin)
		}
		return h.validateScale()
	case ArcFace:
		if !(h.Margin >= 0 && h.Margin < math.Pi/2) {
			return fmt.Errorf("models: head arcface: margin %v: want radians from 0 to below π/2", h.Margin)
		}
		return h.validateScale()
	}
	names := make([]string, 0, len(HeadKinds()))
	for _, k := range HeadKinds() {
		names = append(names, string(k))
	}
	return fmt.Errorf("models: unknown head %q: want one of %s", h.Kind, strings.Join(names, ", "))
}

func (h Head) validateScale() error {
	if !(h.Scale > 0) || math.IsInf(h.Scale, 0) {
		return fmt.Errorf("models: head %s: scale %v: want a length above 0", h.Kind, h.Scale)
	}
	return nil
}

// NormalizesWeight tells whether the columns of the weight are brought to
// unit length: by all heads but plain softmax.
func (h Head) NormalizesWeight() bool { return h.Kind != Softmax }

// FeatureScale is the length that embeddings are brought to before the logits
// are taken, or 0 where they keep their own: plain softmax and A-Softmax.
func (h Head) FeatureScale() float64 {
	switch h.Kind {
	case Normalized, CosFace, ArcFace:
		return h.Scale
	}
	return 0
}

// Lambda is λ at a step of training: max(λ_min, λ_base / (1 + γ·step)), as in
// the authors' layer (with its power of 1). It is 0 for heads without one.
func (h Head) Lambda(step int) float64 {
	if h.Kind != ASoftmax {
		return 0
	}
	return max(h.LambdaMin, h.LambdaBase/(1+h.LambdaGamma*float64(step)))
}

// Initialize returns the head's first weight, [embedding, classes] row-major:
// columns uniform on the unit sphere (Muller, 1959) where the length does not
// count, and otherwise Glorot and Bengio's uniform (2010, eq. 16).
func (h Head) Initialize(embedding, classes int, seed uint64) []float32 {
	p := Param{Name: HeadWeight, Shape: []int{embedding, classes}, fanIn: embedding, fanOut: classes, init: glorot}
	if h.NormalizesWeight() {
		p.init = unitColumns
	}
	return p.Initialize(seed)
}

func unitColumns(values []float32, p Param, r *rand.Rand) {
	classes := p.Shape[1]
	squares := make([]float64, classes)
	for i := range values {
		v := r.NormFloat64()
		squares[i%classes] += v * v
		values[i] = float32(v)
	}
	for i := range values {
		values[i] = float32(float64(values[i]) / math.Sqrt(squares[i%classes]))
	}
}

// HeadParam describes the head's weight for checkpoints and solvers. What it starts with
// depends on the head: [Head.Initialize].
func HeadParam(embedding, classes int) Param {
	return Param{Name: HeadWeight, Shape: []int{embedding, classes}, Decay: true}
}
