//go:build cgo

package ort

import (
	"os"
	"reflect"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
)

// What a model declares is what ONNX Runtime says of it.
func TestDeclared(t *testing.T) {
	if err := startEnvironment(orttest.Library(t)); err != nil {
		t.Fatal(err)
	}
	path := "../../testdata/sphereface4-tiny.onnx"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m := &pb.ModelProto{}
	if err := proto.Unmarshal(data, m); err != nil {
		t.Fatal(err)
	}
	// As models of before 2019, with the weights among the inputs.
	old := proto.Clone(m).(*pb.ModelProto)
	for _, w := range old.Graph.Initializer {
		v := proto.Clone(m.Graph.Input[0]).(*pb.ValueInfoProto)
		v.Name = w.Name
		dims := v.GetType().GetTensorType().GetShape()
		dims.Dim = nil
		for _, d := range w.Dims {
			dims.Dim = append(dims.Dim, &pb.TensorShapeProto_Dimension{Value: &pb.TensorShapeProto_Dimension_DimValue{DimValue: d}})
		}
		old.Graph.Input = append(old.Graph.Input, v)
	}
	withWeights, err := proto.Marshal(old)
	if err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]source{"file": {path: path}, "memory": {bytes: data}, "weights as inputs": {bytes: withWeights}} {
		t.Run(name, func(t *testing.T) {
			var declared, asked Session
			if !declared.declared(from) {
				t.Fatal("the declarations leave something open")
			}
			if err := asked.ask(from); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(declared.inputs, asked.inputs) || !reflect.DeepEqual(declared.outputs, asked.outputs) {
				t.Errorf("declared %v and %v, ONNX Runtime says %v and %v", declared.inputs, declared.outputs, asked.inputs, asked.outputs)
			}
		})
	}
}

func TestDeclaredLeavesOpen(t *testing.T) {
	for name, change := range map[string]func(*pb.ModelProto){
		"no output":         func(m *pb.ModelProto) { m.Graph.Output = nil },
		"no shape":          func(m *pb.ModelProto) { m.Graph.Output[0].GetType().GetTensorType().Shape = nil },
		"another type":      func(m *pb.ModelProto) { m.Graph.Input[0].GetType().GetTensorType().ElemType = proto.Int32(7) },
		"unknown dimension": func(m *pb.ModelProto) { m.Graph.Output[0].GetType().GetTensorType().Shape.Dim[1].Value = nil },
		"no tensor":         func(m *pb.ModelProto) { m.Graph.Input[0].Type = nil },
	} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile("../../testdata/sphereface4-tiny.onnx")
			if err != nil {
				t.Fatal(err)
			}
			m := &pb.ModelProto{}
			if err := proto.Unmarshal(data, m); err != nil {
				t.Fatal(err)
			}
			change(m)
			if data, err = proto.Marshal(m); err != nil {
				t.Fatal(err)
			}
			var s Session
			if s.declared(source{bytes: data}) || s.inputs != nil || s.outputs != nil {
				t.Errorf("taken as declared: %v and %v", s.inputs, s.outputs)
			}
		})
	}
}
