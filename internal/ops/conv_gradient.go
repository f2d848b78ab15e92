package ops

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// gradient computes all gradients in one pass over the images, while a tile
// is in cache.
func (c *conv) gradient(in gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
	c.differentiated = true
	s := c.shape
	dw := buffer(in[1].Shape()...)
	var dx, dbias, dslope *tensor.Dense
	if !c.imageInput {
		dx = buffer(in[0].Shape()...)
	}
	if c.bias >= 0 {
		dbias = buffer(s.OutC)
	}
	inputs := gorgonia.Nodes{grad, in[0], in[1]}
	slope := -1
	if c.slope >= 0 {
		dslope = buffer(s.OutC)
		slope = len(inputs)
		inputs = append(inputs, in[c.slope])
	}
	o := &op{name: c.name("conv-gradient"), in: typesOf(inputs...), shape: dw.Shape()}
	o.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
		c.plan.Backward(storage(dx), floats(dw), storage(dbias), storage(dslope), floats(v[0]), floats(v[1]), floats(v[2]), optional(v, slope))
		return dw, nil
	}
	computed, err := gorgonia.ApplyOp(o, inputs...)
	if err != nil {
		return nil, fmt.Errorf("ops: gradient of a convolution: %w", err)
	}
	grads, err := parts(computed, []string{"conv-dx", "conv-dbias", "conv-dslope"}, []*tensor.Dense{dx, dbias, dslope})
	if err != nil {
		return nil, err
	}
	result := make(gorgonia.Nodes, len(in))
	result[0], result[1] = grads[0], computed
	if c.bias >= 0 {
		result[c.bias] = grads[1]
	}
	if c.slope >= 0 {
		result[c.slope] = grads[2]
	}
	if c.skip >= 0 {
		result[c.skip] = grad
	}
	return result, nil
}
