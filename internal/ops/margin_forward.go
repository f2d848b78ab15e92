package ops

import (
	"fmt"
	"math"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// marginSoftmax is the state that the operator and its gradient share. The
// forward pass leaves in dlogits the gradient of the loss with respect to
// s_j = x̂·ŵ_j·length, and in radial what the margin adds along x.
type marginSoftmax struct {
	Margin
	n, d, classes int

	column, inverse []float32 // ŵ [d, classes] and 1/|w_j|; unused for plain softmax
	feature         []float32 // x, or x scaled to FeatureScale [n, d]
	dfeature        []float32 // the gradient of feature
	length          []float64 // |x| [n]
	logits          []float32 // [n, classes]
	dlogits         []float32 // [n, classes]
	radial          []float64 // ∂loss/∂|x| that does not go through the logits [n]
	losses          []float64
	hits            []bool
	correct         int

	// rows is rowsPart, bound once, with the labels and the lambda of the run.
	rows   func(from, to int)
	labels []int32
	lambda float64

	team                          *kernel.Team
	toLogits, toFeature, toWeight *kernel.MatMul
}

func newMarginSoftmax(n, d, classes int, m Margin, threads int) *marginSoftmax {
	s := &marginSoftmax{
		Margin: m, n: n, d: d, classes: classes, team: kernel.NewTeam(threads),
		length: make([]float64, n), radial: make([]float64, n), losses: make([]float64, n), hits: make([]bool, n),
		logits: make([]float32, n*classes), dlogits: make([]float32, n*classes),
		toLogits:  kernel.NewMatMul(n, classes, d, false, false, threads),
		toFeature: kernel.NewMatMul(n, d, classes, false, true, threads),
		toWeight:  kernel.NewMatMul(d, classes, n, true, false, threads),
	}
	s.rows = s.rowsPart
	if m.NormalizeWeight {
		s.column, s.inverse = make([]float32, d*classes), make([]float32, classes)
	}
	if m.FeatureScale > 0 {
		s.feature, s.dfeature = make([]float32, n*d), make([]float32, n*d)
	}
	return s
}

func (s *marginSoftmax) forward(x, w []float32, labels []int32, lambda float32) (float32, error) {
	for i, label := range labels {
		if label < 0 || int(label) >= s.classes {
			return 0, fmt.Errorf("ops: margin softmax: label %d of image %d is not one of %d classes", label, i, s.classes)
		}
	}
	if s.NormalizeWeight {
		s.team.NormalizeColumns(s.column, s.inverse, w, s.d, s.classes)
		w = s.column
	}
	s.measure(x)
	if s.FeatureScale > 0 {
		s.scaleFeatures(x)
		x = s.feature
	}
	s.toLogits.Run(s.logits, x, w)
	s.labels, s.lambda = labels, float64(lambda)
	s.team.Split(s.n, 1, s.rows)
	// Summed in the order of the batch, so that the bits do not depend on the
	// number of threads.
	var loss float64
	s.correct = 0
	for i, l := range s.losses {
		loss += l
		if s.hits[i] {
			s.correct++
		}
	}
	return float32(loss / float64(s.n)), nil
}

// measure takes the lengths of the embeddings.
func (s *marginSoftmax) measure(x []float32) {
	for i := range s.length {
		var sum float64
		for _, v := range x[i*s.d:][:s.d] {
			sum += float64(v) * float64(v)
		}
		s.length[i] = math.Sqrt(sum)
	}
}

// scaleFeatures brings every embedding to FeatureScale. One of length 0 stays.
func (s *marginSoftmax) scaleFeatures(x []float32) {
	for i, length := range s.length {
		factor := 0.0
		if length > 0 {
			factor = s.FeatureScale / length
		}
		for j, v := range x[i*s.d:][:s.d] {
			s.feature[i*s.d+j] = float32(factor * float64(v))
		}
	}
}

// rowsPart computes the rows of a part of the batch.
func (s *marginSoftmax) rowsPart(from, to int) {
	for i := from; i < to; i++ {
		s.row(i, int(s.labels[i]))
	}
}

// row computes the loss of image i and the gradient of its logits. Products,
// exponentials and the sum are in float64: with thousands of classes float32
// would cost digits of the loss.
func (s *marginSoftmax) row(i, label int) {
	logits, grads := s.logits[i*s.classes:][:s.classes], s.dlogits[i*s.classes:][:s.classes]
	length := s.length[i]
	if s.FeatureScale > 0 {
		length = s.FeatureScale
	}
	best := 0
	for j, v := range logits {
		if v > logits[best] {
			best = j
		}
	}
	s.hits[i] = best == label

	target, derivative, radial := float64(logits[label]), 1.0, 0.0
	if s.NormalizeWeight && length > 0 {
		cos := target / length
		value, dvalue := s.Target(cos, s.lambda)
		// f = |x| g(s/|x|): ∂f/∂s = g', ∂f/∂|x| = g − cos g'.
		target, derivative = length*value, dvalue
		if s.FeatureScale == 0 {
			radial = value - cos*dvalue
		}
	}
	top := target
	for j, v := range logits {
		if j != label {
			top = max(top, float64(v))
		}
	}
	sum := 0.0
	for j, v := range logits {
		z := float64(v)
		if j == label {
			z = target
		}
		e := math.Exp(z - top)
		grads[j] = float32(e)
		sum += e
	}
	s.losses[i] = math.Log(sum) + top - target
	mean := 1 / float64(s.n)
	scale := float32(mean / sum)
	for j := range grads {
		grads[j] *= scale
	}
	dtarget := (math.Exp(target-top)/sum - 1) * mean
	grads[label] = float32(dtarget * derivative)
	s.radial[i] = dtarget * radial
}
