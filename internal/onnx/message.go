package onnx

import (
	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

func integer(name string, v int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: proto.String(name), I: proto.Int64(v), Type: pb.AttributeProto_INT.Enum()}
}

func float(name string, v float32) *pb.AttributeProto {
	return &pb.AttributeProto{Name: proto.String(name), F: proto.Float32(v), Type: pb.AttributeProto_FLOAT.Enum()}
}

func ints(name string, v ...int64) *pb.AttributeProto {
	return &pb.AttributeProto{Name: proto.String(name), Ints: v, Type: pb.AttributeProto_INTS.Enum()}
}

// valueInfo declares a float32 tensor of shape [N, perImage...].
func valueInfo(name string, perImage []int) *pb.ValueInfoProto {
	v := fixedInfo(name, perImage)
	s := v.GetType().GetTensorType().Shape
	s.Dim = append([]*pb.TensorShapeProto_Dimension{{Value: &pb.TensorShapeProto_Dimension_DimParam{DimParam: BatchDim}}}, s.Dim...)
	return v
}

// fixedInfo declares a float32 tensor of a shape.
func fixedInfo(name string, shape []int) *pb.ValueInfoProto {
	var dims []*pb.TensorShapeProto_Dimension
	for _, d := range shape {
		dims = append(dims, &pb.TensorShapeProto_Dimension{Value: &pb.TensorShapeProto_Dimension_DimValue{DimValue: int64(d)}})
	}
	return &pb.ValueInfoProto{
		Name: proto.String(name),
		Type: &pb.TypeProto{Value: &pb.TypeProto_TensorType{TensorType: &pb.TypeProto_Tensor{
			ElemType: proto.Int32(int32(pb.TensorProto_FLOAT)),
			Shape:    &pb.TensorShapeProto{Dim: dims},
		}}},
	}
}
