//go:build unix

package kernel

import (
	"fmt"
	"testing"
)

// TestConvStaysInside runs whole convolutions on guarded tensors and guarded
// memory for passing, and compares the results with those of others. (A fault on
// a second thread ends the tests at once: it is another goroutine's panic.)
func TestConvStaysInside(t *testing.T) {
	for _, l := range products() {
		for _, s := range []ConvShape{
			{N: 3, C: 3, H: 9, W: 7, OutC: 17, Kernel: 3, Stride: 2, Pad: 1, Y: NHWC},
			{N: 2, C: 16, H: 12, W: 8, OutC: 64, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC}, // Winograd's algorithm
			{N: 2, C: 64, H: 9, W: 7, OutC: 16, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC},  // with parts of tiles and of slices
			{N: 2, C: 16, H: 6, W: 6, OutC: 33, Kernel: 3, Stride: 2, Pad: 1, X: NHWC},
			{N: 1, C: 64, H: 5, W: 5, OutC: 32, Kernel: 1, Stride: 1, X: NHWC, Y: NHWC},
		} {
			for _, threads := range []int{1, 2} {
				plain := newConvByWinograd(l, s, threads)
				p := randomConv(s, 1)
				want := runConv(plain, s, p, func(x []float32) []float32 { return x })
				for _, atEnd := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s/%+v/threads=%d/end=%v", l.name, s, threads, atEnd), func(t *testing.T) {
						guard := func(x []float32) []float32 { return guarded(t, x, atEnd) }
						c := newConvByWinograd(l, s, threads)
						memory := guard(nans(len(plain.workspace.memory)))
						c.workspace.memory = memory
						var got convResults
						mustNotFault(t, "convolution", func() { got = runConv(c, s, p, guard) })
						if c.winograd != nil && &c.workspace.memory[0] != &memory[0] {
							t.Error("the plan took other memory than the guarded")
						}
						for i, x := range got {
							sameBits(t, convResultNames[i], x, want[i])
						}
					})
				}
			}
		}
	}
}

// convResults are all results of a plan.
type convResults [len(convResultNames)][]float32

var convResultNames = [...]string{"y of Infer", "y", "dx", "dw", "dbias", "dslope"}

// runConv makes all calls of a plan. place says where a tensor lies.
func runConv(c *Conv, s ConvShape, p convTensors, place func([]float32) []float32) convResults {
	x, w, bias, slope, skip, dy := place(p.x), place(p.w), place(p.bias), place(p.slope), place(p.skip), place(p.dy)
	r := convResults{
		place(nans(s.outputLen())), place(nans(s.outputLen())), place(nans(s.inputLen())),
		place(nans(s.weightLen())), place(nans(s.OutC)), place(nans(s.OutC)),
	}
	c.Pack(w)
	c.Infer(r[0], x, bias, slope, skip)
	c.Forward(r[1], x, w, bias, slope, skip)
	c.Backward(r[2], r[3], r[4], r[5], dy, x, w, slope)
	return r
}
