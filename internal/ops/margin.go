package ops

import (
	"errors"
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
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

// Last is the value of Mean at the last run.
func (l *Loss) Last() float32 { return scalar(l.Mean.Value()) }

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
	mean := gorgonia.NewF32(0)
	o.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
		loss, err := s.forward(floats(v[0]), floats(v[1]), v[2].(*tensor.Dense).Int32s(), scalar(v[3]))
		if err != nil {
			return nil, err
		}
		*mean = gorgonia.F32(loss)
		return mean, nil
	}
	o.gradient = s.gradient
	node, err := gorgonia.ApplyOp(o, in...)
	if err != nil {
		return nil, fmt.Errorf("ops: margin softmax: %w", err)
	}
	return &Loss{Mean: node, margin: s}, nil
}
