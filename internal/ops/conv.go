package ops

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// ConvPReLU is PReLU(convolution(x, w) + bias) + skip.
//
//	x      N×C×H×W
//	w      OutC×C×k×k
//	bias   OutC, or nil
//	slope  OutC: the PReLU's slope of each channel for negative values
//	skip   N×OutC×OutH×OutW, or nil: added after the PReLU
//
// The result is N×OutC×OutH×OutW. It has gradients for all inputs, except for
// an x that is an input of the graph, which is the image. threads is how many
// goroutines share the work.
func ConvPReLU(x, w, bias, slope, skip *gorgonia.Node, stride, pad, threads int) (*gorgonia.Node, error) {
	s, err := convShape(x, w, stride, pad)
	if err != nil {
		return nil, err
	}
	if err := checkRank("convolution", "slope", slope, 1); err != nil {
		return nil, err
	}
	c := &conv{shape: s, plan: kernel.NewConv(s, threads), imageInput: x.IsVar(), bias: -1, slope: -1, skip: -1}
	in := gorgonia.Nodes{x, w}
	add := func(n *gorgonia.Node, place *int) {
		if n != nil {
			*place = len(in)
			in = append(in, n)
		}
	}
	add(bias, &c.bias)
	add(slope, &c.slope)
	add(skip, &c.skip)
	return c.apply(in)
}

// Conv is convolution(x, w) + bias, with shapes as in [ConvPReLU].
func Conv(x, w, bias *gorgonia.Node, stride, pad, threads int) (*gorgonia.Node, error) {
	s, err := convShape(x, w, stride, pad)
	if err != nil {
		return nil, err
	}
	c := &conv{shape: s, plan: kernel.NewConv(s, threads), imageInput: x.IsVar(), bias: -1, slope: -1, skip: -1}
	in := gorgonia.Nodes{x, w}
	if bias != nil {
		c.bias = len(in)
		in = append(in, bias)
	}
	return c.apply(in)
}

func convShape(x, w *gorgonia.Node, stride, pad int) (kernel.ConvShape, error) {
	if err := checkRank("convolution", "x", x, 4); err != nil {
		return kernel.ConvShape{}, err
	}
	if err := checkRank("convolution", "weight", w, 4); err != nil {
		return kernel.ConvShape{}, err
	}
	xs, ws := x.Shape(), w.Shape()
	if ws[1] != xs[1] || ws[2] != ws[3] {
		return kernel.ConvShape{}, fmt.Errorf("ops: convolution: weight of shape %v does not fit x of shape %v: want [out, %d, k, k]", ws, xs, xs[1])
	}
	if stride < 1 || pad < 0 || xs[2]+2*pad < ws[2] || xs[3]+2*pad < ws[3] {
		return kernel.ConvShape{}, fmt.Errorf("ops: convolution: stride %d and padding %d do not fit x of shape %v and kernel %d", stride, pad, xs, ws[2])
	}
	return kernel.ConvShape{N: xs[0], C: xs[1], H: xs[2], W: xs[3], OutC: ws[0], Kernel: ws[2], Stride: stride, Pad: pad}, nil
}

// conv is the state that a convolution's operator and its gradient share.
type conv struct {
	shape kernel.ConvShape
	plan  *kernel.Conv
	// differentiated tells that the graph has a gradient, for which a forward
	// pass must keep the values before the PReLU.
	differentiated bool
	// imageInput tells that nothing asks for the gradient of x.
	imageInput bool
	// bias, slope and skip are the places of these inputs, −1 where absent.
	bias, slope, skip int
}

func (c *conv) apply(in gorgonia.Nodes) (*gorgonia.Node, error) {
	s := c.shape
	y := buffer(s.N, s.OutC, s.OutH(), s.OutW())
	for _, place := range []int{c.bias, c.slope} {
		if place >= 0 && !in[place].Shape().Eq(tensor.Shape{s.OutC}) {
			return nil, fmt.Errorf("ops: convolution: bias or slope %s has shape %v, want [%d]", in[place].Name(), in[place].Shape(), s.OutC)
		}
	}
	if c.skip >= 0 && !in[c.skip].Shape().Eq(y.Shape()) {
		return nil, fmt.Errorf("ops: convolution: skip has shape %v, want %v", in[c.skip].Shape(), y.Shape())
	}
	o := &differentiable{op: op{name: c.name("conv"), in: typesOf(in...), shape: y.Shape()}}
	o.do = func(in []gorgonia.Value) (gorgonia.Value, error) {
		run := c.plan.Infer
		if c.differentiated {
			run = c.plan.Forward
		}
		run(floats(y), floats(in[0]), floats(in[1]), optional(in, c.bias), optional(in, c.slope), optional(in, c.skip))
		return y, nil
	}
	o.wrt = make([]bool, len(in))
	for i := range o.wrt {
		o.wrt[i] = true
	}
	o.wrt[0] = !c.imageInput
	o.gradient = c.gradient
	return gorgonia.ApplyOp(o, in...)
}

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

func (c *conv) name(kind string) string {
	return fmt.Sprintf("%s%+v,bias%d,slope%d,skip%d", kind, c.shape, c.bias, c.slope, c.skip)
}

// storage is the storage of a tensor that may be nil.
func storage(t *tensor.Dense) []float32 {
	if t == nil {
		return nil
	}
	return floats(t)
}
