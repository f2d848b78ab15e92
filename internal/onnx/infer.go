package onnx

import (
	"fmt"
	"slices"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// inferConv: X [N, C, in...], W [M, C/group, kernel...], B [M] give [N, M, out...]
// with out = ⌊(in + pads − dilation·(kernel−1) − 1) / stride⌋ + 1.
func inferConv(in []shape, a attributes) (shape, error) {
	x, w := in[0], in[1]
	if len(x) < 3 || len(w) != len(x) {
		return nil, fmt.Errorf("input of shape %v and weight of shape %v: want the same rank, at least 3", x, w)
	}
	size, err := x.fixed(1)
	if err != nil {
		return nil, err
	}
	weight, err := w.fixed(0)
	if err != nil {
		return nil, err
	}
	group := a.int("group", 1)
	if group < 1 || size[0] != weight[1]*group || weight[0]%group != 0 {
		return nil, fmt.Errorf("input of shape %v, weight of shape %v and group %d do not fit", x, w, group)
	}
	if len(in) > 2 && !in[2].equal(w[:1]) {
		return nil, fmt.Errorf("bias of shape %v, want %v", in[2], w[:1])
	}
	out := shape{x[0], w[0]}
	spatial, err := slide(size[1:], weight[2:], a)
	if err != nil {
		return nil, err
	}
	for _, d := range spatial {
		out = append(out, dim{size: d})
	}
	return out, nil
}

// slide gives the number of places of a kernel along each spatial dimension.
func slide(in, kernel []int64, a attributes) ([]int64, error) {
	n := len(in)
	var strides, dilations, pads []int64
	for _, list := range []struct {
		at            *[]int64
		name          string
		n             int
		least, absent int64
	}{
		{&strides, "strides", n, 1, 1},
		{&dilations, "dilations", n, 1, 1},
		{&pads, "pads", 2 * n, 0, 0},
	} {
		var err error
		if *list.at, err = a.ints(list.name, list.n, list.least, list.absent); err != nil {
			return nil, err
		}
	}
	if k := a["kernel_shape"]; k != nil && !slices.Equal(k.Ints, kernel) {
		return nil, fmt.Errorf("kernel_shape is %v but the weight's kernel is %v", k.Ints, kernel)
	}
	out := make([]int64, n)
	for i := range out {
		room := in[i] + pads[i] + pads[n+i] - (dilations[i]*(kernel[i]-1) + 1)
		if room < 0 {
			return nil, fmt.Errorf("the kernel %v is larger than the padded input %v", kernel, in)
		}
		out[i] = room/strides[i] + 1
	}
	return out, nil
}

// inferPRelu: the slope broadcasts to X, and never X to the slope.
func inferPRelu(in []shape, _ attributes) (shape, error) {
	out, err := broadcast(in[0], in[1])
	if err != nil || !out.equal(in[0]) {
		return nil, fmt.Errorf("slope of shape %v does not broadcast to the input's %v", in[1], in[0])
	}
	return out, nil
}

// inferCast: the same shape. Of all types ONNX has, float32 is what is computed with.
func inferCast(in []shape, a attributes) (shape, error) {
	if to := a.int("to", 0); to != int64(pb.TensorProto_FLOAT) {
		return nil, fmt.Errorf("attribute to is %d, want %d (float32)", to, pb.TensorProto_FLOAT)
	}
	return in[0], nil
}

func inferAdd(in []shape, _ attributes) (shape, error) { return broadcast(in[0], in[1]) }

// inferFlatten: the dimensions before axis become one, and those from it on.
func inferFlatten(in []shape, a attributes) (shape, error) {
	x := in[0]
	axis := a.int("axis", 1)
	if axis < 0 || axis > int64(len(x)) {
		return nil, fmt.Errorf("attribute axis is %d, want 0 to %d for an input of shape %v", axis, len(x), x)
	}
	outer, err := collapse(x[:axis])
	if err != nil {
		return nil, err
	}
	inner, err := collapse(x[axis:])
	if err != nil {
		return nil, err
	}
	return shape{outer, inner}, nil
}

// collapse is the product of the dimensions; a free one must stand alone.
func collapse(s shape) (dim, error) {
	if len(s) == 1 {
		return s[0], nil
	}
	sizes, err := s.fixed(0)
	if err != nil {
		return dim{}, err
	}
	n, ok := product(sizes)
	if !ok || n > maxDim {
		return dim{}, fmt.Errorf("shape %v has too many elements", s)
	}
	return dim{size: n}, nil
}

// inferGemm: A' [M, K] times B' [K, N] plus C, which broadcasts to [M, N]; A'
// is A, transposed if transA is not 0, and B' likewise.
func inferGemm(in []shape, a attributes) (shape, error) {
	if len(in[0]) != 2 || len(in[1]) != 2 {
		return nil, fmt.Errorf("inputs of shapes %v and %v: want two matrices", in[0], in[1])
	}
	left, right := slices.Clone(in[0]), slices.Clone(in[1])
	if a.int("transA", 0) != 0 {
		slices.Reverse(left)
	}
	if a.int("transB", 0) != 0 {
		slices.Reverse(right)
	}
	if left[1] != right[0] {
		return nil, fmt.Errorf("matrices of shapes %v and %v do not multiply", left, right)
	}
	out := shape{left[0], right[1]}
	if len(in) > 2 {
		if sum, err := broadcast(out, in[2]); err != nil || !sum.equal(out) {
			return nil, fmt.Errorf("bias of shape %v does not broadcast to %v", in[2], out)
		}
	}
	return out, nil
}
