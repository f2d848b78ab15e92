package ort_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// tensor declares a tensor; a dimension of -1 is dynamic.
func tensor(name string, kind pb.TensorProto_DataType, dims ...int64) *pb.ValueInfoProto {
	shape := &pb.TensorShapeProto{}
	for _, d := range dims {
		dim := &pb.TensorShapeProto_Dimension{Value: &pb.TensorShapeProto_Dimension_DimValue{DimValue: d}}
		if d < 0 {
			dim.Value = &pb.TensorShapeProto_Dimension_DimParam{DimParam: "N"}
		}
		shape.Dim = append(shape.Dim, dim)
	}
	return &pb.ValueInfoProto{Name: &name, Type: &pb.TypeProto{Value: &pb.TypeProto_TensorType{
		TensorType: &pb.TypeProto_Tensor{ElemType: proto.Int32(int32(kind)), Shape: shape},
	}}}
}

// testModel negates its input ("negative") and flattens that ("flat").
func testModel(t testing.TB, inputs ...*pb.ValueInfoProto) []byte {
	t.Helper()
	kind := pb.TensorProto_DataType(inputs[0].GetType().GetTensorType().GetElemType())
	batch := int64(-1)
	if d := inputs[0].GetType().GetTensorType().GetShape().GetDim(); len(d) > 0 && d[0].GetDimValue() > 0 {
		batch = d[0].GetDimValue()
	}
	data, err := proto.Marshal(&pb.ModelProto{
		IrVersion:     proto.Int64(4),
		OpsetImport:   []*pb.OperatorSetIdProto{{Domain: proto.String(""), Version: proto.Int64(9)}},
		MetadataProps: []*pb.StringStringEntryProto{{Key: proto.String("metric"), Value: proto.String("cosine")}},
		Graph: &pb.GraphProto{
			Name:  proto.String("test"),
			Input: inputs,
			Node: []*pb.NodeProto{
				{Name: proto.String("neg"), OpType: proto.String("Neg"), Input: []string{inputs[0].GetName()}, Output: []string{"negative"}},
				{Name: proto.String("flatten"), OpType: proto.String("Flatten"), Input: []string{"negative"}, Output: []string{"flat"}},
			},
			Output: []*pb.ValueInfoProto{
				tensor("flat", kind, batch, 6),
				tensor("negative", kind, batch, 2, 3),
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}
