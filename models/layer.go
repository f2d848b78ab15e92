package models

import "strings"

// Shape is the shape of one image's activation: channels, height, width.
type Shape struct{ C, H, W int }

// Size is the number of elements, C·H·W.
func (s Shape) Size() int { return s.C * s.H * s.W }

// Kind tells what a layer computes.
type Kind uint8

const (
	// Conv is a convolution with an optional bias, then a PReLU with one slope
	// a channel, then an optional addition of an earlier layer's output.
	Conv Kind = iota
	// FullyConnected is Wx + b over the map flattened in C, H, W order.
	FullyConnected
)

// String names the kind as error messages do.
func (k Kind) String() string {
	switch k {
	case Conv:
		return "convolution"
	case FullyConnected:
		return "fully connected"
	}
	return "unknown layer kind"
}

// Layer is one layer of a network. Layers are computed in order, each from the
// output of the one before it.
type Layer struct {
	// Name is unique in the network and a C identifier: "conv1", "conv2_3", "fc5".
	Name string
	Kind Kind
	// In and Out are the shapes of one image's input and output.
	// A fully connected layer's Out is {units, 1, 1}.
	In, Out Shape
	// Kernel, Stride and Pad are the side of the square kernel, the step, and
	// the zeros added on each side. Convolutions only.
	Kernel, Stride, Pad int
	// Bias tells whether the layer has one.
	Bias bool
	// Skip names the earlier layer whose output is added after the PReLU, and
	// is empty where nothing is: it is the last layer of a residual unit.
	Skip string

	init layerInit
}

// suffix is what follows the kind in the layer's name: "1" of conv1, "2_3" of conv2_3.
func (l Layer) suffix() string { return strings.TrimPrefix(l.Name, "conv") }

// WeightName is the name of the weight: [out, in, k, k], or [out, in] if fully connected.
func (l Layer) WeightName() string { return l.Name + "_weight" }

// BiasName is the name of the bias, [out].
func (l Layer) BiasName() string { return l.Name + "_bias" }

// PReLUName is the name of a convolution's activation: "prelu1" of conv1.
func (l Layer) PReLUName() string { return "prelu" + l.suffix() }

// SlopeName is the name of the PReLU's slopes, one a channel: [out].
func (l Layer) SlopeName() string { return l.PReLUName() + "_slope" }

// AddName is the name of the addition that ends a residual unit: "res1_3" of conv1_3.
func (l Layer) AddName() string { return "res" + l.suffix() }

// Params are the layer's parameters in the order weight, bias, slope.
func (l Layer) Params() []Param {
	fanIn := l.In.C * l.Kernel * l.Kernel
	shape := []int{l.Out.C, l.In.C, l.Kernel, l.Kernel}
	if l.Kind == FullyConnected {
		fanIn = l.In.Size()
		shape = []int{l.Out.C, fanIn}
	}
	weight := Param{Name: l.WeightName(), Shape: shape, Decay: true, init: l.init.weight, fanIn: fanIn, fanOut: l.Out.C}
	params := []Param{weight}
	if l.Bias {
		params = append(params, Param{Name: l.BiasName(), Shape: []int{l.Out.C}, init: l.init.bias, fanIn: fanIn})
	}
	if l.Kind == Conv {
		params = append(params, Param{Name: l.SlopeName(), Shape: []int{l.Out.C}, init: constant(initialSlope)})
	}
	return params
}
