package onnx

import (
	"encoding/binary"
	"fmt"
	"math"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
	"github.com/sphereface-go/sphereface/models"
)

// RoundFloat16 rounds the weights that a file with [Options.Float16] keeps as float16
// to the values that it holds: those of kernels and matrices, to the nearest, ties to
// even. The others, and the given map, stay as they are. The error names the parameter
// that has an element out of float16's range, which ends at 65504.
func RoundFloat16(net models.Network, weights map[string][]float32) (map[string][]float32, error) {
	rounded := make(map[string][]float32, len(weights))
	for name, values := range weights {
		rounded[name] = values
	}
	for _, p := range net.Params() {
		if !isHalf(p) {
			continue
		}
		values := make([]float32, len(weights[p.Name]))
		for i, v := range weights[p.Name] {
			values[i] = fromFloat16(toFloat16(v))
			if math.IsInf(float64(values[i]), 0) {
				return nil, fmt.Errorf("onnx: parameter %s: element %d is %v, and float16 ends at 65504: export it as float32", p.Name, i, v)
			}
		}
		rounded[p.Name] = values
	}
	return rounded, nil
}

// isHalf reports whether a file of float16 keeps a parameter as such: kernels and
// matrices, which are all but a few thousandths of it. Biases and slopes cost nothing.
func isHalf(p models.Param) bool { return len(p.Shape) > 1 }

// toFloat16 rounds to IEEE 754's binary16, to the nearest, ties to even.
func toFloat16(v float32) uint16 {
	bits := math.Float32bits(v)
	sign := uint16(bits >> 16 & 0x8000)
	if math.IsNaN(float64(v)) {
		return sign | 0x7e00
	}
	magnitude := bits & 0x7fffffff
	switch {
	case magnitude >= 0x477ff000: // from halfway between 65504 and 65536 on
		return sign | 0x7c00
	case magnitude < 0x38800000: // below 2⁻¹⁴: a multiple of 2⁻²⁴
		return sign | uint16(math.RoundToEven(float64(math.Float32frombits(magnitude))*(1<<24)))
	}
	// 13 bits of the significand are rounded away; the exponent's bias falls by 112.
	magnitude += 0xfff + magnitude>>13&1
	return sign | uint16((magnitude-112<<23)>>13)
}

func fromFloat16(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0:
		small := float32(fraction) * (1.0 / (1 << 24))
		return math.Float32frombits(sign | math.Float32bits(small))
	case 0x1f:
		return math.Float32frombits(sign | 0x7f800000 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+112)<<23 | fraction<<13)
}

// halfTensor is a tensor of float16 with the given values, which it holds exactly.
func halfTensor(name string, shape []int, data []float32) (*pb.TensorProto, error) {
	t, err := tensorProto(name, shape, data)
	if err != nil {
		return nil, err
	}
	t.DataType, t.RawData = proto.Int32(int32(pb.TensorProto_FLOAT16)), t.RawData[:0]
	for i, v := range data {
		h := toFloat16(v)
		if fromFloat16(h) != v {
			return nil, fmt.Errorf("onnx: parameter %s: element %d is %v, which is no float16: round the weights first", name, i, v)
		}
		t.RawData = binary.LittleEndian.AppendUint16(t.RawData, h)
	}
	return t, nil
}

// castName is the name of the node that turns a parameter of float16 to float32, and
// of its output.
func castName(parameter string) string { return parameter + "_float32" }

// Widen returns the model with all of float16 turned to float32, for readers that have
// none of it: the same values, without the casts. A model that has none is returned as
// it is.
func Widen(m *pb.ModelProto) (*pb.ModelProto, error) {
	if !hasFloat16(m.GetGraph()) {
		return m, nil
	}
	wide := &pb.ModelProto{}
	proto.Merge(wide, m)
	g := wide.Graph
	for _, t := range g.Initializer {
		if t.GetDataType() != int32(pb.TensorProto_FLOAT16) {
			continue
		}
		values, err := tensorValues(t)
		if err != nil {
			return nil, err
		}
		t.DataType, t.FloatData, t.RawData = proto.Int32(int32(pb.TensorProto_FLOAT)), values, nil
	}
	source := make(map[string]string) // of a cast's output
	nodes := g.Node[:0]
	for _, n := range g.Node {
		if n.GetOpType() == opCast {
			source[n.Output[0]] = n.Input[0]
			continue
		}
		for i, in := range n.Input {
			if from, ok := source[in]; ok {
				n.Input[i] = from
			}
		}
		nodes = append(nodes, n)
	}
	g.Node = nodes
	values := g.ValueInfo[:0]
	for _, v := range g.ValueInfo {
		if _, cast := source[v.GetName()]; !cast {
			values = append(values, v)
		}
	}
	g.ValueInfo = values
	return wide, nil
}

// hasFloat16 reports whether a graph keeps weights as float16.
func hasFloat16(g *pb.GraphProto) bool {
	for _, t := range g.GetInitializer() {
		if t.GetDataType() == int32(pb.TensorProto_FLOAT16) {
			return true
		}
	}
	return false
}
