package ops

import (
	"fmt"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// ConvOptions are a convolution's attributes.
type ConvOptions struct {
	Stride, Pad int
	// Precision is what the products are made of.
	Precision kernel.Precision
	// Threads is how many goroutines share the work.
	Threads int
	// X and Y are the layouts of the images and of the result. A tensor in
	// NHWC has the shape N×H×W×C.
	X, Y kernel.Layout
	// Weights, if not nil, tells when the weights have changed. Without it, a
	// run takes them to be other ones than the last.
	Weights *Generation
	// Workspace, if not nil, is memory that operators of one graph share.
	Workspace *kernel.Workspace
}

// ConvPReLU is PReLU(convolution(x, w) + bias) + skip.
//
//	x      N×C×H×W or N×H×W×C
//	w      OutC×C×k×k
//	bias   OutC, or nil
//	slope  OutC: the PReLU's slope of each channel for negative values
//	skip   as the result, or nil: added after the PReLU
//
// The result is N×OutC×OutH×OutW or N×OutH×OutW×OutC. It has gradients for all
// inputs, except for an x that is an input of the graph, which is the image.
func ConvPReLU(x, w, bias, slope, skip *gorgonia.Node, o ConvOptions) (*gorgonia.Node, error) {
	c, err := newConv(x, w, o)
	if err != nil {
		return nil, err
	}
	if err := checkRank("convolution", "slope", slope, 1); err != nil {
		return nil, err
	}
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
func Conv(x, w, bias *gorgonia.Node, o ConvOptions) (*gorgonia.Node, error) {
	c, err := newConv(x, w, o)
	if err != nil {
		return nil, err
	}
	in := gorgonia.Nodes{x, w}
	if bias != nil {
		c.bias = len(in)
		in = append(in, bias)
	}
	return c.apply(in)
}

func newConv(x, w *gorgonia.Node, o ConvOptions) (*conv, error) {
	s, err := convShape(x, w, o)
	if err != nil {
		return nil, err
	}
	plan := kernel.NewConv(s, kernel.ConvOptions{Threads: o.Threads, Precision: o.Precision, Workspace: o.Workspace})
	return &conv{
		shape: s, precision: o.Precision, plan: plan, weights: o.Weights,
		imageInput: x.IsVar(), bias: -1, slope: -1, skip: -1,
	}, nil
}

func convShape(x, w *gorgonia.Node, o ConvOptions) (kernel.ConvShape, error) {
	if err := checkRank("convolution", "x", x, 4); err != nil {
		return kernel.ConvShape{}, err
	}
	if err := checkRank("convolution", "weight", w, 4); err != nil {
		return kernel.ConvShape{}, err
	}
	xs, ws := x.Shape(), w.Shape()
	s := kernel.ConvShape{
		N: xs[0], C: xs[1], H: xs[2], W: xs[3],
		OutC: ws[0], Kernel: ws[2], Stride: o.Stride, Pad: o.Pad, X: o.X, Y: o.Y,
	}
	if o.X == kernel.NHWC {
		s.H, s.W, s.C = xs[1], xs[2], xs[3]
	}
	if ws[1] != s.C || ws[2] != ws[3] {
		return kernel.ConvShape{}, fmt.Errorf("ops: convolution: weight of shape %v does not fit x of shape %v: want [out, %d, k, k]", ws, xs, s.C)
	}
	if s.Stride < 1 || s.Pad < 0 || s.H+2*s.Pad < s.Kernel || s.W+2*s.Pad < s.Kernel {
		return kernel.ConvShape{}, fmt.Errorf("ops: convolution: stride %d and padding %d do not fit x of shape %v and kernel %d", s.Stride, s.Pad, xs, s.Kernel)
	}
	return s, nil
}

// conv is the state that a convolution's operator and its gradient share.
type conv struct {
	shape     kernel.ConvShape
	precision kernel.Precision
	plan      *kernel.Conv
	// weights counts the changes of w; packed is the count at which the plan
	// has arranged them.
	weights *Generation
	packed  uint64
	// differentiated tells that the graph has a gradient, for which a forward
	// pass must keep the values before the PReLU, or y where it can stand for
	// them.
	differentiated bool
	// imageInput tells that nothing asks for the gradient of x.
	imageInput bool
	// bias, slope and skip are the places of these inputs, −1 where absent.
	bias, slope, skip int
}

func (c *conv) apply(in gorgonia.Nodes) (*gorgonia.Node, error) {
	s := c.shape
	y := buffer(c.outShape()...)
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
		bias, slope, skip := optional(in, c.bias), optional(in, c.slope), optional(in, c.skip)
		if c.differentiated {
			c.plan.Forward(floats(y), floats(in[0]), floats(in[1]), bias, slope, skip)
			return y, nil
		}
		if c.weights.since(&c.packed) {
			c.plan.Pack(floats(in[1]))
		}
		c.plan.Infer(floats(y), floats(in[0]), bias, slope, skip)
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

func (c *conv) name(kind string) string {
	return fmt.Sprintf("%s%+v,%v,bias%d,slope%d,skip%d", kind, c.shape, c.precision, c.bias, c.slope, c.skip)
}

// outShape is the shape of the result in its layout.
func (c *conv) outShape() tensor.Shape {
	s := c.shape
	if s.Y == kernel.NHWC {
		return tensor.Shape{s.N, s.OutH(), s.OutW(), s.OutC}
	}
	return tensor.Shape{s.N, s.OutC, s.OutH(), s.OutW()}
}
