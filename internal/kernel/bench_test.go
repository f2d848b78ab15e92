package kernel

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// reportGFLOPS reports the speed of a benchmark whose every iteration does that
// many multiply-adds.
func reportGFLOPS(b *testing.B, multiplyAdds int) {
	b.ReportMetric(2*float64(multiplyAdds)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOPS")
}

// The layers of SphereFace-4.
var sphereface4 = []ConvShape{
	{C: 3, H: 112, W: 96, OutC: 64, Kernel: 3, Stride: 2, Pad: 1, Y: NHWC},
	{C: 64, H: 56, W: 48, OutC: 128, Kernel: 3, Stride: 2, Pad: 1, X: NHWC, Y: NHWC},
	{C: 128, H: 28, W: 24, OutC: 256, Kernel: 3, Stride: 2, Pad: 1, X: NHWC, Y: NHWC},
	{C: 256, H: 14, W: 12, OutC: 512, Kernel: 3, Stride: 2, Pad: 1, X: NHWC, Y: NHWC},
}

func BenchmarkConv(b *testing.B) {
	for i, s := range sphereface4 {
		s.N = 16
		macs := s.outputLen() * s.depth()
		p := randomConv(s, 1)
		c := NewConv(s, runtime.GOMAXPROCS(0))
		c.Pack(p.w)
		y, dx, dw := nans(s.outputLen()), nans(s.inputLen()), nans(s.weightLen())
		dbias, dslope := nans(s.OutC), nans(s.OutC)
		b.Run(fmt.Sprintf("layer=%d/forward", i+1), func(b *testing.B) {
			for b.Loop() {
				c.Forward(y, p.x, p.w, p.bias, p.slope, nil)
			}
			reportGFLOPS(b, macs)
		})
		b.Run(fmt.Sprintf("layer=%d/backward", i+1), func(b *testing.B) {
			if i == 0 { // the first layer passes no gradient to the image
				dx = nil
			} else {
				macs *= 2
			}
			for b.Loop() {
				c.Backward(dx, dw, dbias, dslope, p.dy, p.x, p.w, p.slope)
			}
			reportGFLOPS(b, macs)
		})
	}
}

func BenchmarkLinear(b *testing.B) {
	const in, out = 512 * 7 * 6, 512
	r := rand.New(rand.NewPCG(1, 1))
	w, bias, dw, dbias := random(r, in*out), random(r, out), nans(in*out), nans(out)
	for _, n := range []int{1, 32} {
		x, y, dx := random(r, n*in), nans(n*out), nans(n*in)
		l := NewLinear(n, in, out, runtime.GOMAXPROCS(0))
		b.Run(fmt.Sprintf("n=%d/forward", n), func(b *testing.B) {
			for b.Loop() {
				l.Forward(y, x, w, bias)
			}
			reportGFLOPS(b, n*in*out)
		})
		b.Run(fmt.Sprintf("n=%d/backward", n), func(b *testing.B) {
			for b.Loop() {
				l.Backward(dx, dw, dbias, y, x, w)
			}
			reportGFLOPS(b, 2*n*in*out)
		})
	}
}

// BenchmarkStep is a training step of SphereFace-4 without the head: every
// layer forward and backward and the update of the weights.
func BenchmarkStep(b *testing.B) {
	const n = 32
	threads := runtime.GOMAXPROCS(0)
	r := rand.New(rand.NewPCG(1, 1))
	convs, tensors := []*Conv{}, []convTensors{}
	var outputs, grads [][]float32
	for _, s := range sphereface4 {
		s.N = n
		convs = append(convs, NewConv(s, threads))
		tensors = append(tensors, randomConv(s, 1))
		outputs = append(outputs, nans(s.outputLen()))
		grads = append(grads, nans(s.weightLen()), nans(s.OutC), nans(s.OutC))
	}
	const in, out = 512 * 7 * 6, 512
	l := NewLinear(n, in, out, threads)
	w, bias, dw, dbias, v := random(r, in*out), random(r, out), nans(in*out), nans(out), make([]float32, in*out)
	y, dy := nans(n*out), random(r, n*out)
	for b.Loop() {
		for i, c := range convs {
			p := tensors[i]
			c.Forward(outputs[i], p.x, p.w, p.bias, p.slope, nil)
		}
		last := len(convs) - 1
		l.Forward(y, outputs[last], w, bias)
		l.Backward(tensors[last].dy, dw, dbias, dy, outputs[last], w)
		for i := last; i >= 0; i-- {
			p, g := tensors[i], grads[3*i:]
			var dx []float32
			if i > 0 {
				dx = tensors[i-1].dy
			}
			convs[i].Backward(dx, g[0], g[1], g[2], p.dy, p.x, p.w, p.slope)
		}
		SGDStep(w, v, dw, 0.001, 0.9, 5e-4, threads)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "images/s")
}

// BenchmarkInfer is the embedding of one image, or of a batch of them.
func BenchmarkInfer(b *testing.B) {
	threads := runtime.GOMAXPROCS(0)
	const in, out = 512 * 7 * 6, 512
	r := rand.New(rand.NewPCG(1, 1))
	w, bias := random(r, in*out), random(r, out)
	for _, n := range []int{1, 16} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			var convs []*Conv
			var tensors []convTensors
			for _, s := range sphereface4 {
				s.N = n
				convs = append(convs, NewConv(s, threads))
				tensors = append(tensors, randomConv(s, 1))
				convs[len(convs)-1].Pack(tensors[len(tensors)-1].w)
			}
			l, y := NewLinear(n, in, out, threads), nans(n*out)
			for b.Loop() {
				for i, c := range convs {
					p := tensors[i]
					c.Infer(p.dy, p.x, p.bias, p.slope, nil)
				}
				l.Forward(y, tensors[len(convs)-1].dy, w, bias)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}
