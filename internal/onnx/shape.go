package onnx

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// dim is a size, or the name of one that is free until the model runs.
type dim struct {
	size int64
	name string // free if not empty
}

func (d dim) String() string {
	if d.name != "" {
		return d.name
	}
	return strconv.FormatInt(d.size, 10)
}

const (
	// maxDim bounds a dimension and an attribute, so that sums of them fit an int64.
	maxDim = 1<<31 - 1
	// maxRank bounds the number of dimensions, and with it an error's length.
	maxRank = 8
)

type shape []dim

func (s shape) String() string {
	parts := make([]string, len(s))
	for i, d := range s {
		parts[i] = d.String()
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func (s shape) equal(t shape) bool { return slices.Equal(s, t) }

// fixed gives the sizes of dimensions from to the last, none of which may be free.
func (s shape) fixed(from int) ([]int64, error) {
	sizes := make([]int64, 0, len(s)-from)
	for _, d := range s[from:] {
		if d.name != "" {
			return nil, fmt.Errorf("dimension %s of shape %v must be fixed", d.name, s)
		}
		sizes = append(sizes, d.size)
	}
	return sizes, nil
}

// broadcast is the shape of an elementwise operation on s and t: ONNX's
// multidirectional broadcasting, which is NumPy's.
func broadcast(s, t shape) (shape, error) {
	out := make(shape, max(len(s), len(t)))
	for i := range out {
		a, b := dim{size: 1}, dim{size: 1}
		if j := i - (len(out) - len(s)); j >= 0 {
			a = s[j]
		}
		if j := i - (len(out) - len(t)); j >= 0 {
			b = t[j]
		}
		one := dim{size: 1}
		switch {
		case a == b, b == one:
			out[i] = a
		case a == one:
			out[i] = b
		default:
			return nil, fmt.Errorf("shapes %v and %v do not fit", s, t)
		}
	}
	return out, nil
}

// declaredShape reads the type of an input, output or intermediate: a float32
// tensor whose dimensions each have a size or a name.
func declaredShape(what string, v *pb.ValueInfoProto) (shape, error) {
	name := v.GetName()
	if err := checkName(what, name); err != nil {
		return nil, err
	}
	t := v.GetType().GetTensorType()
	switch {
	case t == nil || t.ElemType == nil:
		return nil, fmt.Errorf("onnx: %s %s has no element type", what, name)
	case t.GetElemType() != int32(pb.TensorProto_FLOAT):
		return nil, fmt.Errorf("onnx: %s %s has element type %d, want %d (float32)", what, name, t.GetElemType(), pb.TensorProto_FLOAT)
	case t.Shape == nil:
		return nil, fmt.Errorf("onnx: %s %s has no shape", what, name)
	case len(t.Shape.Dim) > maxRank:
		return nil, fmt.Errorf("onnx: %s %s has %d dimensions, want at most %d", what, name, len(t.Shape.Dim), maxRank)
	}
	s := make(shape, len(t.Shape.Dim))
	for i, d := range t.Shape.Dim {
		var err error
		if s[i], err = declaredDim(d); err != nil {
			return nil, fmt.Errorf("onnx: %s %s: dimension %d %w", what, name, i, err)
		}
	}
	return s, nil
}

func declaredDim(d *pb.TensorShapeProto_Dimension) (dim, error) {
	switch v := d.GetValue().(type) {
	case *pb.TensorShapeProto_Dimension_DimValue:
		if v.DimValue < 1 || v.DimValue > maxDim {
			return dim{}, fmt.Errorf("is %d, want at least 1", v.DimValue)
		}
		return dim{size: v.DimValue}, nil
	case *pb.TensorShapeProto_Dimension_DimParam:
		if !identifier.MatchString(v.DimParam) {
			return dim{}, fmt.Errorf("has the name %.60q, which is no C identifier", v.DimParam)
		}
		return dim{name: v.DimParam}, nil
	}
	return dim{}, errors.New("has neither a size nor a name")
}
