package models

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestInitialSpread compares the standard deviation of what is drawn with the
// formula's. With n draws the estimate is off by about 1/√(2n): 5% is five
// times that for the smallest tensor here, 1728 weights.
func TestInitialSpread(t *testing.T) {
	tests := []struct {
		init, param string
		std         float64
	}{
		{"he", "conv1_1_weight", math.Sqrt(2 / (1.0625 * 27))},
		{"he", "conv1_2_weight", 0.01},
		{"he", "conv4_1_weight", math.Sqrt(2 / (1.0625 * 2304))},
		{"he", "fc5_weight", math.Sqrt(2 / (21504.0 + 512))},
		{"xavier", "conv1_1_weight", math.Sqrt(1 / 27.0)},
		{"xavier", "conv1_3_weight", 0.01},
		{"xavier", "fc5_weight", math.Sqrt(1 / 21504.0)},
		{"torch", "conv2_1_weight", math.Sqrt(1 / 3.0 / 576)},
		{"torch", "conv2_2_weight", math.Sqrt(1 / 3.0 / 1152)},
	}
	for _, test := range tests {
		n, err := New("sphereface20", Options{Init: test.init})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(n.Params(), func(p Param) bool { return p.Name == test.param })
		values := n.Params()[i].Initialize(3)
		var sum, squares float64
		for _, v := range values {
			sum += float64(v)
			squares += float64(v) * float64(v)
		}
		mean := sum / float64(len(values))
		std := math.Sqrt(squares/float64(len(values)) - mean*mean)
		if math.Abs(std/test.std-1) > 0.05 || math.Abs(mean) > 0.1*test.std {
			t.Errorf("%s %s: mean %.4g and deviation %.4g, want 0 and %.4g", test.init, test.param, mean, std, test.std)
		}
	}
}

func TestInitialBiasAndSlope(t *testing.T) {
	n, _ := New("sphereface4", Options{})
	values := n.Initialize(1)
	for name, v := range values {
		want := float32(0)
		switch {
		case strings.HasSuffix(name, "_weight"):
			continue
		case strings.HasSuffix(name, "_slope"):
			want = 0.25
		}
		if v[0] != want || v[len(v)-1] != want {
			t.Errorf("%s starts at %v, want %v", name, v[0], want)
		}
	}
	if err := n.CheckWeights(values); err != nil {
		t.Error(err)
	}
	values["conv2_bias"] = values["conv2_bias"][1:]
	if err := n.CheckWeights(values); err == nil || !strings.Contains(err.Error(), "conv2_bias has 127 elements, want 128") {
		t.Errorf("a short bias passes: %v", err)
	}
}

func TestSeed(t *testing.T) {
	n, _ := New("sphereface4", Options{Width: 0.1})
	a, b, c := n.Initialize(7), n.Initialize(7), n.Initialize(8)
	if !slices.Equal(a["conv1_weight"], b["conv1_weight"]) {
		t.Error("the same seed gives other weights")
	}
	if slices.Equal(a["conv1_weight"], c["conv1_weight"]) {
		t.Error("another seed gives the same weights")
	}
}
