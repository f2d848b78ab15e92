package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
	"github.com/sphereface-go/sphereface/models"
)

// Tensor is a float32 tensor as ONNX's backend tests keep them in files named
// input_0.pb and output_0.pb. Data is row-major; it has the elements that Shape
// says, one for an empty shape.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
}

// EncodeTensor returns the bytes of a backend test's .pb file.
func EncodeTensor(t Tensor) ([]byte, error) {
	p, err := tensorProto(t.Name, t.Shape, t.Data)
	if err != nil {
		return nil, err
	}
	return proto.MarshalOptions{Deterministic: true}.Marshal(p)
}

// DecodeTensor reads a backend test's .pb file.
func DecodeTensor(data []byte) (Tensor, error) {
	p := new(pb.TensorProto)
	if len(data) == 0 {
		return Tensor{}, fmt.Errorf("onnx: tensor file of 0 bytes: write it again")
	}
	if err := proto.Unmarshal(data, p); err != nil {
		return Tensor{}, fmt.Errorf("onnx: tensor file of %d bytes is truncated or no TensorProto: %w", len(data), err)
	}
	values, err := tensorValues(p)
	if err != nil {
		return Tensor{}, err
	}
	t := Tensor{Name: p.GetName(), Shape: make([]int, len(p.Dims)), Data: values}
	for i, d := range p.Dims {
		t.Shape[i] = int(d)
	}
	return t, nil
}

func tensorProto(name string, shape []int, data []float32) (*pb.TensorProto, error) {
	dims := make([]int64, len(shape))
	for i, d := range shape {
		dims[i] = int64(d)
	}
	n, ok := product(dims)
	if !ok || n != int64(len(data)) {
		return nil, fmt.Errorf("onnx: tensor %s has %d elements, which do not fill the shape %v", name, len(data), shape)
	}
	raw := make([]byte, 0, 4*len(data))
	for _, v := range data {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return &pb.TensorProto{
		Dims: dims, DataType: proto.Int32(int32(pb.TensorProto_FLOAT)), Name: proto.String(name), RawData: raw,
	}, nil
}

// tensorValues gives the elements of a tensor, kept in any way that checkTensor takes.
func tensorValues(p *pb.TensorProto) ([]float32, error) {
	if err := checkTensor(p); err != nil {
		return nil, err
	}
	if p.GetDataType() == int32(pb.TensorProto_FLOAT16) {
		values := make([]float32, len(p.RawData)/2)
		for i := range values {
			values[i] = fromFloat16(binary.LittleEndian.Uint16(p.RawData[2*i:]))
		}
		return values, nil
	}
	if len(p.FloatData) > 0 {
		return p.FloatData, nil
	}
	values := make([]float32, len(p.RawData)/4)
	for i := range values {
		values[i] = math.Float32frombits(binary.LittleEndian.Uint32(p.RawData[4*i:]))
	}
	return values, nil
}

// checkTensor is the official rule for a tensor, for float32, and float16 as raw data,
// alone: its data fills its shape exactly and is kept in one way.
func checkTensor(p *pb.TensorProto) error {
	name := label(p.GetName())
	if p.GetDataLocation() != pb.TensorProto_DEFAULT {
		return fmt.Errorf("onnx: tensor %s keeps its data in another file: save the model as one file", name)
	}
	if p.DataType == nil || p.GetDataType() == int32(pb.TensorProto_UNDEFINED) {
		return fmt.Errorf("onnx: tensor %s has no data type", name)
	}
	size := int64(4) // of an element in bytes
	switch p.GetDataType() {
	case int32(pb.TensorProto_FLOAT):
	case int32(pb.TensorProto_FLOAT16):
		if size = 2; len(p.FloatData) > 0 {
			return fmt.Errorf("onnx: tensor %s of float16 keeps its data in float_data, want raw_data", name)
		}
	default:
		return fmt.Errorf("onnx: tensor %s has data type %d, want %d (float32) or %d (float16)", name, p.GetDataType(), pb.TensorProto_FLOAT, pb.TensorProto_FLOAT16)
	}
	if len(p.Dims) > maxRank {
		return fmt.Errorf("onnx: tensor %s has %d dimensions, want at most %d", name, len(p.Dims), maxRank)
	}
	n, ok := product(p.Dims)
	if !ok {
		return fmt.Errorf("onnx: tensor %s has the impossible shape %v", name, p.Dims)
	}
	if len(p.RawData) > 0 && len(p.FloatData) > 0 {
		return fmt.Errorf("onnx: tensor %s keeps its data twice, in raw_data and float_data", name)
	}
	if len(p.RawData) > 0 && int64(len(p.RawData)) != size*n {
		return fmt.Errorf("onnx: tensor %s of shape %v has %d bytes of data, want %d", name, p.Dims, len(p.RawData), size*n)
	}
	if len(p.RawData) == 0 && int64(len(p.FloatData)) != n {
		return fmt.Errorf("onnx: tensor %s of shape %v has %d elements of data, want %d", name, p.Dims, len(p.FloatData), n)
	}
	return nil
}

// maxElements bounds what a shape may say, far above any tensor of a face
// network and far below where sizes in bytes overflow.
const maxElements = 1 << 40

// product is the number of elements of a shape; not ok if a dimension is
// negative or the product above maxElements.
func product(dims []int64) (n int64, ok bool) {
	n = 1
	for _, d := range dims {
		if d < 0 {
			return 0, false
		}
		hi, lo := bits.Mul64(uint64(n), uint64(d))
		if hi != 0 || lo > maxElements {
			return 0, false
		}
		n = int64(lo)
	}
	return n, true
}

// initializers are the network's parameters in layer order, kernels and matrices of
// float16 if half is set.
func initializers(net models.Network, weights map[string][]float32, half bool) ([]*pb.TensorProto, error) {
	if err := net.CheckWeights(weights); err != nil {
		return nil, fmt.Errorf("onnx: %w", err)
	}
	var list []*pb.TensorProto
	for _, l := range net.Layers {
		for _, p := range l.Params() {
			values := weights[p.Name]
			if err := checkFinite(p.Name, values); err != nil {
				return nil, fmt.Errorf("onnx: %w: the weights are not usable, take an earlier checkpoint", err)
			}
			tensor := tensorProto
			if half && isHalf(p) {
				tensor = halfTensor
			}
			t, err := tensor(p.Name, initializerShape(l, p), values)
			if err != nil {
				return nil, err
			}
			list = append(list, t)
		}
	}
	return list, nil
}

// initializerShape is the parameter's shape in the file. ONNX broadcasts a
// PRelu's slope from the right, so one slope a channel has the shape [C, 1, 1].
func initializerShape(l models.Layer, p models.Param) []int {
	if l.Kind == models.Conv && p.Name == l.SlopeName() {
		return []int{p.Shape[0], 1, 1}
	}
	return p.Shape
}
