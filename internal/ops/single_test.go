package ops_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/ops"
)

// TestFusedEqualsSingle computes PReLU(conv(x)) + skip and its gradients as
// one operator and as three. The sums are taken in the same order but for the
// gradients of slope and bias, which the fused operator adds up by image:
// 1e-5 of the largest element is the rounding of a few hundred terms.
func TestFusedEqualsSingle(t *testing.T) {
	const tolerance = 1e-5
	shapes := []struct{ n, c, h, w, out, stride int }{{2, 3, 8, 6, 4, 2}, {3, 5, 7, 5, 5, 1}, {1, 4, 3, 3, 2, 2}}
	for _, s := range shapes {
		run := func(fused bool) [][]float32 {
			r := rand.New(rand.NewPCG(1, 2))
			g := gorgonia.NewGraph()
			input := func(name string, shape ...int) *gorgonia.Node {
				values := make([]float32, tensor.Shape(shape).TotalSize())
				for i := range values {
					values[i] = float32(r.NormFloat64())
				}
				v := tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values))
				return gorgonia.NewTensor(g, tensor.Float32, len(shape), gorgonia.WithShape(shape...), gorgonia.WithName(name), gorgonia.WithValue(v))
			}
			oh, ow := (s.h-1)/s.stride+1, (s.w-1)/s.stride+1
			x := input("x", s.n, s.c, s.h, s.w)
			first := input("first", s.c, s.c, 1, 1)
			w, bias, slope := input("w", s.out, s.c, 3, 3), input("bias", s.out), input("slope", s.out)
			skip, weigh := input("skip", s.n, s.out, oh, ow), input("weigh", 1, s.out*oh*ow)
			// A convolution in front, so that the second has a gradient of x to give.
			hidden, err := ops.Conv(x, first, nil, ops.ConvOptions{Stride: 1, Threads: 2})
			var y *gorgonia.Node
			if fused {
				y = must(t, err, func() (*gorgonia.Node, error) {
					return ops.ConvPReLU(hidden, w, bias, slope, skip, ops.ConvOptions{Stride: s.stride, Pad: 1, Threads: 2})
				})
			} else {
				y = must(t, err, func() (*gorgonia.Node, error) {
					return ops.Conv(hidden, w, bias, ops.ConvOptions{Stride: s.stride, Pad: 1, Threads: 2})
				})
				y = must(t, nil, func() (*gorgonia.Node, error) { return ops.PReLU(y, slope, 2) })
				y = must(t, nil, func() (*gorgonia.Node, error) { return ops.Add(y, skip, 2) })
			}
			out := must(t, nil, func() (*gorgonia.Node, error) { return ops.Linear(y, weigh, nil, ops.LinearOptions{Threads: 2}) })
			cost := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Square(out))))
			grads, err := gorgonia.Grad(cost, first, w, bias, slope, skip)
			if err != nil {
				t.Fatal(err)
			}
			vm := gorgonia.NewTapeMachine(g)
			defer vm.Close()
			if err := vm.RunAll(); err != nil {
				t.Fatal(err)
			}
			results := [][]float32{slices.Clone(y.Value().Data().([]float32))}
			for _, gr := range grads {
				results = append(results, slices.Clone(gr.Value().Data().([]float32)))
			}
			return results
		}
		single := run(false)
		for i, got := range run(true) {
			if d := worst(got, single[i]); d > tolerance {
				t.Errorf("%+v: %s is off by %.2g of its largest element", s, []string{"y", "dfirst", "dw", "dbias", "dslope", "dskip"}[i], d)
			}
		}
	}
}

func must(t *testing.T, err error, f func() (*gorgonia.Node, error)) *gorgonia.Node {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	n, err := f()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestShapesThatDoNotFit(t *testing.T) {
	g := gorgonia.NewGraph()
	node := func(shape ...int) *gorgonia.Node {
		return gorgonia.NewTensor(g, tensor.Float32, len(shape), gorgonia.WithShape(shape...))
	}
	x := node(2, 3, 8, 6)
	tests := map[string]func() (*gorgonia.Node, error){
		"channels of the weight": func() (*gorgonia.Node, error) {
			return ops.Conv(x, node(4, 2, 3, 3), nil, ops.ConvOptions{Stride: 1, Pad: 1, Threads: 1})
		},
		"a kernel beyond x": func() (*gorgonia.Node, error) {
			return ops.Conv(x, node(4, 3, 7, 7), nil, ops.ConvOptions{Stride: 1, Threads: 1})
		},
		"stride 0": func() (*gorgonia.Node, error) {
			return ops.Conv(x, node(4, 3, 3, 3), nil, ops.ConvOptions{Pad: 1, Threads: 1})
		},
		"length of the bias": func() (*gorgonia.Node, error) {
			return ops.Conv(x, node(4, 3, 3, 3), node(3), ops.ConvOptions{Stride: 1, Pad: 1, Threads: 1})
		},
		"length of the slope": func() (*gorgonia.Node, error) {
			return ops.ConvPReLU(x, node(4, 3, 3, 3), nil, node(5), nil, ops.ConvOptions{Stride: 1, Pad: 1, Threads: 1})
		},
		"shape of the skip": func() (*gorgonia.Node, error) {
			return ops.ConvPReLU(x, node(4, 3, 3, 3), nil, node(4), node(2, 4, 4, 3), ops.ConvOptions{Stride: 1, Pad: 1, Threads: 1})
		},
		"columns of the weight": func() (*gorgonia.Node, error) { return ops.Linear(x, node(5, 143), nil, ops.LinearOptions{Threads: 1}) },
		"slopes of a PReLU":     func() (*gorgonia.Node, error) { return ops.PReLU(x, node(2, 1, 1), 1) },
		"terms of a sum":        func() (*gorgonia.Node, error) { return ops.Add(x, node(2, 3, 6, 8), 1) },
	}
	for name, f := range tests {
		if _, err := f(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
