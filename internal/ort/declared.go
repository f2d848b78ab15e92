package ort

import (
	"bytes"
	"os"

	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// declared takes the inputs and outputs from the model's own declarations, if they
// leave nothing open: it reads a few kilobytes, where ONNX Runtime would load the
// whole model once more, which of 50 MB takes 0.17 s.
func (s *Session) declared(from source) bool {
	graph, err := from.outline()
	if err != nil {
		return false
	}
	constant := map[string]bool{}
	for _, t := range graph.GetInitializer() {
		constant[t.GetName()] = true
	}
	var inputs, outputs []Port
	for _, v := range graph.GetInput() {
		if constant[v.GetName()] { // a default: old models list their weights as well
			continue
		}
		p, ok := declaredPort(v)
		if !ok {
			return false
		}
		inputs = append(inputs, p)
	}
	for _, v := range graph.GetOutput() {
		p, ok := declaredPort(v)
		if !ok {
			return false
		}
		outputs = append(outputs, p)
	}
	if len(inputs) == 0 || len(outputs) == 0 {
		return false
	}
	s.inputs, s.outputs = inputs, outputs
	return true
}

func (s source) outline() (*pb.GraphProto, error) {
	if s.path == "" {
		return onnx.Outline(bytes.NewReader(s.bytes), int64(len(s.bytes)))
	}
	f, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return onnx.Outline(f, info.Size())
}

// declaredPort is a tensor of float32, all of whose dimensions but the first are
// numbers. ONNX Runtime may infer what others lack, and names other types.
func declaredPort(v *pb.ValueInfoProto) (Port, bool) {
	t := v.GetType().GetTensorType()
	if t.GetShape() == nil || t.GetElemType() != int32(pb.TensorProto_FLOAT) {
		return Port{}, false
	}
	p := Port{Name: v.GetName(), Type: "float32", Shape: []int64{}}
	for i, d := range t.GetShape().GetDim() {
		n := int64(-1)
		if value, ok := d.GetValue().(*pb.TensorShapeProto_Dimension_DimValue); ok && value.DimValue >= 0 {
			n = value.DimValue
		} else if i > 0 {
			return Port{}, false
		}
		p.Shape = append(p.Shape, n)
	}
	return p, true
}
