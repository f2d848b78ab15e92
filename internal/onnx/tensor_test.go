package onnx

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

func TestTensorRoundTrip(t *testing.T) {
	tests := []Tensor{
		{"input", []int{2, 3}, []float32{1, -2, 0.1, float32(math.Inf(1)), math.MaxFloat32, math.SmallestNonzeroFloat32}},
		{"scalar", []int{}, []float32{7}},
		{"empty", []int{0, 3}, []float32{}},
		{"", []int{1}, []float32{1}},
	}
	for _, want := range tests {
		data, err := EncodeTensor(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeTensor(data)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("tensor %v, want %v", got, want)
		}
	}
}

// The bytes that ONNX's own numpy_helper.from_array gives for
// np.array([[1, 2]], np.float32) named "x".
func TestEncodeTensorBytes(t *testing.T) {
	got, err := EncodeTensor(Tensor{"x", []int{1, 2}, []float32{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	want := []byte("\x08\x01\x08\x02\x10\x01\x42\x01x\x4a\x08\x00\x00\x80\x3f\x00\x00\x00\x40")
	if !bytes.Equal(got, want) {
		t.Errorf("bytes % x, want % x", got, want)
	}
}

func TestDecodeTensorOfFloatData(t *testing.T) {
	data, err := proto.Marshal(&pb.TensorProto{Dims: []int64{2}, DataType: proto.Int32(1), FloatData: []float32{3, 4}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeTensor(data)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Data, []float32{3, 4}) {
		t.Errorf("data %v, want [3 4]", got.Data)
	}
}

func TestTensorErrors(t *testing.T) {
	whole, err := EncodeTensor(Tensor{"x", []int{4}, []float32{1, 2, 3, 4}})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "onnx: tensor file of 0 bytes"},
		{"truncated", whole[:len(whole)-1], "onnx: tensor file of 24 bytes is truncated or no TensorProto"},
		{"cut before the data", whole[:7], "onnx: tensor x of shape [4] has 0 elements of data, want 4"},
		{"no type", whole[:2], `onnx: tensor "" has no data type`},
	}
	for _, test := range tests {
		if _, err := DecodeTensor(test.data); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
	for _, bad := range []Tensor{{"x", []int{2, 2}, []float32{1}}, {"x", []int{-1, -1}, []float32{1}}, {"x", []int{math.MaxInt, 8}, nil}} {
		if _, err := EncodeTensor(bad); err == nil || !strings.Contains(err.Error(), "do not fill the shape") {
			t.Errorf("shape %v with %d elements: error %v", bad.Shape, len(bad.Data), err)
		}
	}
}

func FuzzDecodeTensor(f *testing.F) {
	seed, err := EncodeTensor(Tensor{"x", []int{1, 2}, []float32{1, 2}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := DecodeTensor(data)
		if err != nil {
			return
		}
		again, err := EncodeTensor(got)
		if err != nil {
			t.Fatal(err)
		}
		second, err := DecodeTensor(again)
		if err != nil {
			t.Fatal(err)
		}
		if len(second.Data) != len(got.Data) || !reflect.DeepEqual(second.Shape, got.Shape) {
			t.Errorf("shape %v of %d elements became %v of %d", got.Shape, len(got.Data), second.Shape, len(second.Data))
		}
	})
}
