package kernel

import (
	"fmt"
	"runtime"
	"testing"
)

// benchShape is a convolution with a name.
type benchShape struct {
	name string
	ConvShape
}

// residual tells whether the result has the shape of the input, which can then be
// added to it.
func (s benchShape) residual() bool { return s.Kernel == 3 && s.Stride == 1 && s.C == s.OutC }

// The layers of SphereFace-4, those of the residual units of the deeper members,
// and a 1x1 convolution, which reads every pixel once.
var benchShapes = []benchShape{
	{"3x112x96-64s2", ConvShape{C: 3, H: 112, W: 96, OutC: 64, Kernel: 3, Stride: 2, Pad: 1, Y: NHWC}},
	{"64x56x48-128s2", ConvShape{C: 64, H: 56, W: 48, OutC: 128, Kernel: 3, Stride: 2, Pad: 1, X: NHWC, Y: NHWC}},
	{"128x28x24-256s2", ConvShape{C: 128, H: 28, W: 24, OutC: 256, Kernel: 3, Stride: 2, Pad: 1, X: NHWC, Y: NHWC}},
	{"256x14x12-512s2", ConvShape{C: 256, H: 14, W: 12, OutC: 512, Kernel: 3, Stride: 2, Pad: 1, X: NHWC, Y: NHWC}},
	{"64x56x48-64", ConvShape{C: 64, H: 56, W: 48, OutC: 64, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}},
	{"128x28x24-128", ConvShape{C: 128, H: 28, W: 24, OutC: 128, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}},
	{"256x14x12-256", ConvShape{C: 256, H: 14, W: 12, OutC: 256, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}},
	{"512x7x6-512", ConvShape{C: 512, H: 7, W: 6, OutC: 512, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}},
	{"256x14x12-256k1", ConvShape{C: 256, H: 14, W: 12, OutC: 256, Kernel: 1, Stride: 1, X: NHWC, Y: NHWC}},
}

func BenchmarkConv(b *testing.B) {
	const images = 32
	threads := runtime.GOMAXPROCS(0)
	for _, l := range fast() {
		for _, s := range benchShapes {
			s.N = images
			b.Run(fmt.Sprintf("%s/%s/forward", l.name, s.name), func(b *testing.B) {
				p, c := randomConv(s.ConvShape, 1), newConv(l, s.ConvShape, threads)
				y := nans(s.outputLen())
				m := newMeter(b, l, threads)
				for b.Loop() {
					c.Forward(y, p.x, p.w, p.bias, p.slope, nil)
				}
				m.report(s.outputLen() * s.depth())
			})
			if s.residual() {
				b.Run(fmt.Sprintf("%s/%s/forward and add", l.name, s.name), func(b *testing.B) {
					p, c := randomConv(s.ConvShape, 1), newConv(l, s.ConvShape, threads)
					y := nans(s.outputLen())
					m := newMeter(b, l, threads)
					for b.Loop() {
						c.Forward(y, p.x, p.w, p.bias, p.slope, p.skip)
					}
					m.report(s.outputLen() * s.depth())
				})
			}
			b.Run(fmt.Sprintf("%s/%s/backward", l.name, s.name), func(b *testing.B) {
				p, c := randomConv(s.ConvShape, 1), newConv(l, s.ConvShape, threads)
				y, dx, dw := nans(s.outputLen()), nans(s.inputLen()), nans(s.weightLen())
				dbias, dslope := nans(s.OutC), nans(s.OutC)
				c.Forward(y, p.x, p.w, p.bias, p.slope, nil)
				multiplyAdds := 2 * s.outputLen() * s.depth()
				if s.C == 3 { // no gradient is passed to the image
					dx, multiplyAdds = nil, multiplyAdds/2
				}
				m := newMeter(b, l, threads)
				for b.Loop() {
					c.Backward(dx, dw, dbias, dslope, p.dy, p.x, p.w, p.slope)
				}
				m.report(multiplyAdds)
			})
		}
	}
}

// BenchmarkInfer are convolutions whose weights are packed once, as where faces
// are compared: of one image, and of a batch. That is always float32.
func BenchmarkInfer(b *testing.B) {
	threads := runtime.GOMAXPROCS(0)
	for _, l := range levels() {
		for _, s := range benchShapes {
			for _, s.N = range []int{1, 32} {
				b.Run(fmt.Sprintf("%s/%s/n=%d", l.name, s.name, s.N), func(b *testing.B) {
					p, c := randomConv(s.ConvShape, 1), newConv(l, s.ConvShape, threads)
					y := nans(s.outputLen())
					c.Pack(p.w)
					m := newMeter(b, l, threads)
					for b.Loop() {
						c.Infer(y, p.x, p.bias, p.slope, nil)
					}
					m.report(s.outputLen() * s.depth())
				})
			}
		}
	}
}
