package onnx

import (
	"fmt"
	"slices"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// operator is the definition of one ONNX operator: https://onnx.ai/onnx/operators.
type operator struct {
	minInputs, maxInputs int
	// sinceOptional is the opset from which the last input may be left out;
	// 0 where minInputs holds in every opset.
	sinceOptional int64
	attributes    map[string]pb.AttributeProto_AttributeType
	infer         func(inputs []shape, a attributes) (shape, error)
}

// opCast turns float16 to float32: the one operator that takes another type.
const opCast = "Cast"

var operators = map[string]operator{
	"Conv": {
		minInputs: 2, maxInputs: 3, infer: inferConv,
		attributes: map[string]pb.AttributeProto_AttributeType{
			"dilations": pb.AttributeProto_INTS, "group": pb.AttributeProto_INT, "kernel_shape": pb.AttributeProto_INTS,
			"pads": pb.AttributeProto_INTS, "strides": pb.AttributeProto_INTS,
		},
	},
	opCast: {
		minInputs: 1, maxInputs: 1, infer: inferCast,
		attributes: map[string]pb.AttributeProto_AttributeType{"to": pb.AttributeProto_INT},
	},
	"PRelu": {minInputs: 2, maxInputs: 2, infer: inferPRelu},
	"Add":   {minInputs: 2, maxInputs: 2, infer: inferAdd},
	"Flatten": {
		minInputs: 1, maxInputs: 1, infer: inferFlatten,
		attributes: map[string]pb.AttributeProto_AttributeType{"axis": pb.AttributeProto_INT},
	},
	"Gemm": {
		minInputs: 2, maxInputs: 3, sinceOptional: 11, infer: inferGemm,
		attributes: map[string]pb.AttributeProto_AttributeType{
			"alpha": pb.AttributeProto_FLOAT, "beta": pb.AttributeProto_FLOAT,
			"transA": pb.AttributeProto_INT, "transB": pb.AttributeProto_INT,
		},
	},
}

func (o operator) checkArity(n *pb.NodeProto, opset int64) error {
	least := o.minInputs
	if opset < o.sinceOptional {
		least = o.maxInputs
	}
	if len(n.Input) < least || len(n.Input) > o.maxInputs {
		return fmt.Errorf("has %d inputs, want %d to %d", len(n.Input), least, o.maxInputs)
	}
	if len(n.Output) != 1 {
		return fmt.Errorf("has %d outputs, want one", len(n.Output))
	}
	return nil
}

// attributes are a node's, by name, known and of the right type.
type attributes map[string]*pb.AttributeProto

func (o operator) readAttributes(n *pb.NodeProto) (attributes, error) {
	list := make(attributes, len(n.Attribute))
	for _, a := range n.Attribute {
		name := a.GetName()
		want, ok := o.attributes[name]
		if !ok {
			return nil, fmt.Errorf("attribute %s is not known", label(name))
		}
		if list[name] != nil {
			return nil, fmt.Errorf("attribute %s is there twice", name)
		}
		if a.GetType() != want {
			return nil, fmt.Errorf("attribute %s has type %v, want %v", name, a.GetType(), want)
		}
		if err := checkAttributeValue(a, want); err != nil {
			return nil, err
		}
		list[name] = a
	}
	return list, nil
}

// checkAttributeValue wants the one value field that the type names.
func checkAttributeValue(a *pb.AttributeProto, want pb.AttributeProto_AttributeType) error {
	filled := map[pb.AttributeProto_AttributeType]bool{
		pb.AttributeProto_FLOAT: a.F != nil, pb.AttributeProto_INT: a.I != nil, pb.AttributeProto_INTS: len(a.Ints) > 0,
	}
	for kind, has := range filled {
		if has != (kind == want) {
			return fmt.Errorf("attribute %s of type %v does not hold exactly one value of that type", a.GetName(), want)
		}
	}
	if len(a.Ints) > 2*maxRank {
		return fmt.Errorf("attribute %s has %d values", a.GetName(), len(a.Ints))
	}
	for _, v := range append(slices.Clip(a.Ints), a.GetI()) {
		if v < -maxDim || v > maxDim {
			return fmt.Errorf("attribute %s is %d, which is out of range", a.GetName(), v)
		}
	}
	return nil
}

func (a attributes) int(name string, absent int64) int64 {
	if a[name] == nil {
		return absent
	}
	return a[name].GetI()
}

// ints is a list of n numbers of at least least, or n times absent.
func (a attributes) ints(name string, n int, least, absent int64) ([]int64, error) {
	if a[name] == nil {
		return slices.Repeat([]int64{absent}, n), nil
	}
	list := a[name].Ints
	if len(list) != n {
		return nil, fmt.Errorf("attribute %s has %d values, want %d", name, len(list), n)
	}
	if least > slices.Min(list) {
		return nil, fmt.Errorf("attribute %s is %v, want values of at least %d", name, list, least)
	}
	return list, nil
}
