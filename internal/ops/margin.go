package ops

import (
	"errors"
	"fmt"
	"math"
	"sync"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// Margin says how a margin softmax turns embeddings into logits. With θ the
// angle between an embedding x and a class's column, the logit is
// length · cos θ, and length · Target(cos θ) for the true class.
type Margin struct {
	// Name tells heads of different settings apart.
	Name string
	// NormalizeWeight brings the columns of the weight to unit length.
	// Otherwise a logit is x·w, and Target must be the identity.
	NormalizeWeight bool
	// FeatureScale is the length that embeddings are brought to, or 0 where
	// they keep their own, |x|.
	FeatureScale float64
	// Target returns the value that stands for the true class's cosine, and
	// its derivative with respect to it.
	Target func(cos, lambda float64) (value, derivative float64)
}

// Loss is what [MarginSoftmax] adds to a graph.
type Loss struct {
	// Mean is the scalar cross-entropy, averaged over the batch.
	Mean   *gorgonia.Node
	margin *marginSoftmax
}

// Correct is the number of images at the last run whose true class had the
// greatest cosine (the greatest logit for plain softmax), margin aside.
func (l *Loss) Correct() int { return l.margin.correct }

// MarginSoftmax is the softmax cross-entropy of a margin head, with gradients
// for x and w that are exact, through both normalisations.
//
//	x       N×D: embeddings
//	w       D×classes
//	labels  N, int32: the true classes
//	lambda  scalar float32: handed to Target
func MarginSoftmax(x, w, labels, lambda *gorgonia.Node, m Margin, threads int) (*Loss, error) {
	if err := checkRank("margin softmax", "x", x, 2); err != nil {
		return nil, err
	}
	if err := checkRank("margin softmax", "weight", w, 2); err != nil {
		return nil, err
	}
	n, d, classes := x.Shape()[0], x.Shape()[1], w.Shape()[1]
	if w.Shape()[0] != d {
		return nil, fmt.Errorf("ops: margin softmax: weight of shape %v does not fit embeddings of shape %v: want [%d, classes]", w.Shape(), x.Shape(), d)
	}
	if labels.Dtype() != tensor.Int32 || !labels.Shape().Eq(tensor.Shape{n}) {
		return nil, fmt.Errorf("ops: margin softmax: labels are %v of shape %v, want int32 of shape [%d]", labels.Dtype(), labels.Shape(), n)
	}
	if m.Target == nil {
		return nil, errors.New("ops: margin softmax: no target function")
	}
	s := newMarginSoftmax(n, d, classes, m, threads)
	in := gorgonia.Nodes{x, w, labels, lambda}
	o := &differentiable{
		op:  op{name: fmt.Sprintf("margin-softmax %s %d×%d×%d", m.Name, n, d, classes), in: typesOf(in...), shape: tensor.ScalarShape()},
		wrt: []bool{true, true, false, false},
	}
	o.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
		loss, err := s.forward(floats(v[0]), floats(v[1]), v[2].Data().([]int32), v[3].Data().(float32))
		if err != nil {
			return nil, err
		}
		return gorgonia.NewF32(loss), nil
	}
	o.gradient = s.gradient
	mean, err := gorgonia.ApplyOp(o, in...)
	if err != nil {
		return nil, fmt.Errorf("ops: margin softmax: %w", err)
	}
	return &Loss{Mean: mean, margin: s}, nil
}

// marginSoftmax is the state that the operator and its gradient share. The
// forward pass leaves in dlogits the gradient of the loss with respect to
// s_j = x̂·ŵ_j·length, and in radial what the margin adds along x.
type marginSoftmax struct {
	Margin
	n, d, classes, threads int

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

	toLogits, toFeature, toWeight *kernel.MatMul
}

func newMarginSoftmax(n, d, classes int, m Margin, threads int) *marginSoftmax {
	s := &marginSoftmax{
		Margin: m, n: n, d: d, classes: classes, threads: threads,
		length: make([]float64, n), radial: make([]float64, n), losses: make([]float64, n), hits: make([]bool, n),
		logits: make([]float32, n*classes), dlogits: make([]float32, n*classes),
		toLogits:  kernel.NewMatMul(n, classes, d, false, false, threads),
		toFeature: kernel.NewMatMul(n, d, classes, false, true, threads),
		toWeight:  kernel.NewMatMul(d, classes, n, true, false, threads),
	}
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
		kernel.NormalizeColumns(s.column, s.inverse, w, s.d, s.classes, s.threads)
		w = s.column
	}
	s.measure(x)
	if s.FeatureScale > 0 {
		s.scaleFeatures(x)
		x = s.feature
	}
	s.toLogits.Run(s.logits, x, w)
	s.rows(labels, float64(lambda))
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

// rows shares the images of the batch out among the threads.
func (s *marginSoftmax) rows(labels []int32, lambda float64) {
	var wg sync.WaitGroup
	for t := range s.threads {
		wg.Go(func() {
			for i := s.n * t / s.threads; i < s.n*(t+1)/s.threads; i++ {
				s.row(i, int(labels[i]), lambda)
			}
		})
	}
	wg.Wait()
}

// row computes the loss of image i and the gradient of its logits. Products,
// exponentials and the sum are in float64: with thousands of classes float32
// would cost digits of the loss.
func (s *marginSoftmax) row(i, label int, lambda float64) {
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
		value, dvalue := s.Target(cos, lambda)
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
