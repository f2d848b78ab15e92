package ops

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// gradient adds the operator that computes the gradients of x and w from what
// the forward pass left.
func (s *marginSoftmax) gradient(in gorgonia.Nodes, out, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	dx, dw := buffer(s.n, s.d), buffer(s.d, s.classes)
	column := dw
	if s.NormalizeWeight {
		column = buffer(s.d, s.classes)
	}
	inputs := gorgonia.Nodes{grad, out, in[0], in[1]}
	o := &op{
		name: fmt.Sprintf("margin-softmax-gradient %s %d×%d×%d", s.Name, s.n, s.d, s.classes),
		in:   typesOf(inputs...), shape: dw.Shape(),
	}
	o.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
		s.backward(scalar(v[0]), floats(dx), floats(dw), floats(column), floats(v[2]), floats(v[3]))
		return dw, nil
	}
	computed, err := gorgonia.ApplyOp(o, inputs...)
	if err != nil {
		return nil, fmt.Errorf("ops: gradient of a margin softmax: %w", err)
	}
	grads, err := parts(computed, []string{"margin-softmax-dx"}, []*tensor.Dense{dx})
	if err != nil {
		return nil, err
	}
	return gorgonia.Nodes{grads[0], computed, nil, nil}, nil
}

// backward computes dx and dw for a loss whose own gradient is outer. dcolumn
// takes the gradient of the normalised columns; it is dw where nothing is
// normalised.
func (s *marginSoftmax) backward(outer float32, dx, dw, dcolumn, x, w []float32) {
	column := w
	if s.NormalizeWeight {
		column = s.column
	}
	feature, dfeature := x, dx
	if s.FeatureScale > 0 {
		feature, dfeature = s.feature, s.dfeature
	}
	s.toFeature.Run(dfeature, s.dlogits, column)
	s.toWeight.Run(dcolumn, feature, s.dlogits)
	for i, length := range s.length {
		row := x[i*s.d:][:s.d]
		if s.FeatureScale > 0 {
			s.unscale(dx[i*s.d:][:s.d], dfeature[i*s.d:][:s.d], row, length)
		} else if length > 0 {
			along := s.radial[i] / length
			for j, v := range row {
				dx[i*s.d+j] += float32(along * float64(v))
			}
		}
	}
	if s.NormalizeWeight {
		s.team.NormalizeColumnsGrad(dw, dcolumn, s.column, s.inverse, s.d, s.classes)
	}
	if outer != 1 {
		s.team.Scale(dx, outer)
		s.team.Scale(dw, outer)
	}
}

// unscale takes the gradient of f = scale·x/|x| back to x:
// (scale/|x|) (df − x̂ (x̂·df)).
func (s *marginSoftmax) unscale(dx, df, x []float32, length float64) {
	if length == 0 {
		clear(dx)
		return
	}
	var along float64
	for j, v := range x {
		along += float64(v) * float64(df[j])
	}
	along /= length * length
	factor := s.FeatureScale / length
	for j, v := range x {
		dx[j] = float32(factor * (float64(df[j]) - along*float64(v)))
	}
}
