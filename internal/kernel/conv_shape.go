package kernel

import "fmt"

// ConvShape is the shape of a square convolution: N images of C×H×W to OutC
// maps, with Pad zeros on every side. X and Y are the layouts of the images and
// of the result, and of their gradients.
type ConvShape struct {
	N, C, H, W, OutC, Kernel, Stride, Pad int
	X, Y                                  Layout
}

// OutH returns the height of an output map: (H + 2·Pad − Kernel)/Stride + 1.
func (s ConvShape) OutH() int { return (s.H+2*s.Pad-s.Kernel)/s.Stride + 1 }

// OutW returns the width of an output map: (W + 2·Pad − Kernel)/Stride + 1.
func (s ConvShape) OutW() int { return (s.W+2*s.Pad-s.Kernel)/s.Stride + 1 }

// pixels returns the number of pixels of one output map.
func (s ConvShape) pixels() int { return s.OutH() * s.OutW() }

// depth returns the number of products that make one output value.
func (s ConvShape) depth() int { return s.C * s.Kernel * s.Kernel }

func (s ConvShape) inputLen() int  { return s.N * s.C * s.H * s.W }
func (s ConvShape) outputLen() int { return s.N * s.OutC * s.pixels() }
func (s ConvShape) weightLen() int { return s.OutC * s.depth() }

// check panics if the shape is no convolution.
func (s ConvShape) check() {
	if min(s.N, s.C, s.H, s.W, s.OutC, s.Kernel, s.Stride) < 1 || s.Pad < 0 ||
		min(s.H, s.W)+2*s.Pad < s.Kernel {
		panic(fmt.Sprintf("kernel: impossible convolution %+v", s))
	}
}
