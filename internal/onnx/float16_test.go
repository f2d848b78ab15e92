package onnx

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// Every float16 becomes the float32 of its definition, and that the float16 again.
func TestFloat16Values(t *testing.T) {
	for h := range 1 << 16 {
		v := float64(fromFloat16(uint16(h)))
		sign, exponent, fraction := 1-2*float64(h>>15), h>>10&31, float64(h&1023)
		want := sign * math.Ldexp(1+fraction/1024, exponent-15)
		switch {
		case exponent == 0:
			want = sign * math.Ldexp(fraction, -24)
		case exponent == 31 && fraction == 0:
			want = math.Inf(int(sign))
		case exponent == 31:
			if !math.IsNaN(v) || !math.IsNaN(float64(fromFloat16(toFloat16(float32(v))))) {
				t.Errorf("%#x is %v", h, v)
			}
			continue
		}
		if v != want || math.Signbit(v) != (sign < 0) {
			t.Errorf("%#x is %v, want %v", h, v, want)
		}
		if back := toFloat16(float32(v)); int(back) != h {
			t.Errorf("%v is %#x, want %#x", v, back, h)
		}
	}
}

// Between two neighbours the nearer is taken, and in the middle the even one.
func TestFloat16Rounding(t *testing.T) {
	for h := range uint16(0x7bff) { // up to the largest but one
		low, high := fromFloat16(h), fromFloat16(h+1)
		middle := low + (high-low)/2 // exact
		even := h + h&1
		for v, want := range map[float32]uint16{
			middle:                                   even,
			math.Nextafter32(middle, low):            h,
			math.Nextafter32(middle, high):           h + 1,
			-middle:                                  even | 0x8000,
			math.Nextafter32(-middle, float32(-1e9)): (h + 1) | 0x8000,
		} {
			if got := toFloat16(v); got != want {
				t.Fatalf("%v is %#x, want %#x", v, got, want)
			}
		}
	}
	for v, want := range map[float32]uint16{65519: 0x7bff, 65520: 0x7c00, 1e30: 0x7c00, float32(math.Inf(-1)): 0xfc00, 1e-30: 0} {
		if got := toFloat16(v); got != want {
			t.Errorf("%v is %#x, want %#x", v, got, want)
		}
	}
}

func TestRoundFloat16(t *testing.T) {
	net := network(t, "sphereface4")
	given := weights(net)
	rounded, err := RoundFloat16(net, given)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, p := range net.Params() {
		i := r.IntN(p.Size())
		want := given[p.Name][i]
		if len(p.Shape) > 1 {
			want = fromFloat16(toFloat16(want))
		}
		if got := rounded[p.Name][i]; got != want || len(rounded[p.Name]) != p.Size() {
			t.Errorf("%s: element %d is %v, want %v", p.Name, i, got, want)
		}
	}
	if !reflect.DeepEqual(given, weights(net)) {
		t.Error("the given weights have changed")
	}
	given["conv2_weight"][7] = -70000
	if _, err := RoundFloat16(net, given); err == nil || err.Error() != "onnx: parameter conv2_weight: element 7 is -70000, and float16 ends at 65504: export it as float32" {
		t.Errorf("error %v", err)
	}
	if _, err := Build(net, weights(net), contract(net), Options{Float16: true}); err == nil {
		t.Error("weights that are no float16 are written as such")
	}
}

// A file of float16 is half as large, and widened it is the one that float32 would have
// given of the same values.
func TestWiden(t *testing.T) {
	for _, name := range []string{"sphereface4", "sphereface20"} {
		net := network(t, name)
		half := build(t, name, Options{Float16: true})
		if err := Check(half); err != nil {
			t.Fatal(err)
		}
		before := proto.CloneOf(half)
		wide, err := Widen(half)
		if err != nil {
			t.Fatal(err)
		}
		if !proto.Equal(half, before) {
			t.Error("Widen changed the model that it was given")
		}
		want, err := Build(net, stored(t, net, Options{Float16: true}), contract(net), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(wide); err != nil {
			t.Error(err)
		}
		for _, p := range wide.Graph.Initializer { // kept in the other of two ways
			values, err := tensorValues(p)
			if err != nil {
				t.Fatal(err)
			}
			again, err := tensorProto(p.GetName(), ints32(p.Dims), values)
			if err != nil {
				t.Fatal(err)
			}
			p.FloatData, p.RawData = nil, again.RawData
		}
		if !proto.Equal(wide, want) {
			t.Errorf("%s: widened it is another model", name)
		}
		if same, err := Widen(want); err != nil || same != want {
			t.Errorf("%s: a model without float16 is not returned as it is: %v", name, err)
		}
		a, b := proto.Size(half), proto.Size(want)
		if float64(a) > 0.55*float64(b) {
			t.Errorf("%s: %d bytes as float16, %d as float32", name, a, b)
		}
	}
}

func ints32(dims []int64) []int {
	out := make([]int, len(dims))
	for i, d := range dims {
		out[i] = int(d)
	}
	return out
}

func TestCheckFloat16(t *testing.T) {
	whole := build(t, "sphereface4", Options{Float16: true})
	for name, c := range map[string]struct {
		damage func(m *pb.ModelProto)
		want   string
	}{
		"a convolution of float16": {
			func(m *pb.ModelProto) { node(m, "conv2").Input[1] = "conv2_weight" },
			"onnx: node conv2 (Conv): input conv2_weight: Cast takes float16 alone, and it is the only operator that does",
		},
		"a cast of float32": {
			func(m *pb.ModelProto) { node(m, "conv2_weight_float32").Input[0] = "conv2_bias" },
			"onnx: node conv2_weight_float32 (Cast): input conv2_bias: Cast takes float16 alone, and it is the only operator that does",
		},
		"a cast to float64": {
			func(m *pb.ModelProto) { attribute(node(m, "conv2_weight_float32"), "to").I = proto.Int64(11) },
			"onnx: node conv2_weight_float32 (Cast): attribute to is 11, want 1 (float32)",
		},
		"float16 in float_data": {
			func(m *pb.ModelProto) { p := tensor(m, "conv2_weight"); p.FloatData, p.RawData = []float32{1}, nil },
			"onnx: tensor conv2_weight of float16 keeps its data in float_data, want raw_data",
		},
		"too few bytes": {
			func(m *pb.ModelProto) { p := tensor(m, "conv2_weight"); p.RawData = p.RawData[2:] },
			"onnx: tensor conv2_weight of shape [8 4 3 3] has 574 bytes of data, want 576",
		},
	} {
		m := proto.CloneOf(whole)
		c.damage(m)
		if err := Check(m); err == nil || err.Error() != c.want {
			t.Errorf("%s: error\n%v\nwant\n%s", name, err, c.want)
		}
	}
}
