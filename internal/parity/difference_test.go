package parity

import (
	"math"
	"strings"
	"testing"
)

func TestCompare(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	tests := []struct {
		name      string
		want, got []float32
		worst     float64
		index     int
		agree     bool
	}{
		{"equal", []float32{0, 1, -2}, []float32{0, 1, -2}, 0, 0, true},
		{"within absolute", []float32{0, 1}, []float32{0.9e-5, 1}, 0.9e-5, 0, true},
		{"over absolute", []float32{1, 0}, []float32{1, 1.1e-5}, 1.1e-5, 1, false},
		{"within relative", []float32{-100, 1}, []float32{-100.0625, 1}, 0.0625, 0, true},
		{"over relative", []float32{1, -100}, []float32{1, -100.125}, 0.125, 1, false},
		{"worst is not furthest out", []float32{1000, 0.001}, []float32{1000.5, 0.0015}, 0.5, 1, false},
		{"not a number", []float32{1, 2}, []float32{1, nan}, math.NaN(), 1, false},
		{"not a number on both sides", []float32{nan}, []float32{nan}, math.NaN(), 0, false},
		{"infinite on both sides", []float32{inf}, []float32{inf}, math.NaN(), 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Compare(tt.want, tt.got, 1)
			if err != nil {
				t.Fatal(err)
			}
			if d.Agree() != tt.agree || d.Index != tt.index {
				t.Errorf("agree %v at %d, want %v at %d", d.Agree(), d.Index, tt.agree, tt.index)
			}
			if diff := math.Abs(d.Worst - tt.worst); diff > 1e-8 || math.IsNaN(d.Worst) != math.IsNaN(tt.worst) { // inputs are rounded to float32
				t.Errorf("worst %g, want %g", d.Worst, tt.worst)
			}
		})
	}
	for _, got := range [][]float32{nil, {1}} {
		if _, err := Compare(make([]float32, 2*len(got)), got, 1); err == nil {
			t.Errorf("%d values against %d are compared", 2*len(got), len(got))
		}
	}
}

func TestScale(t *testing.T) {
	if s := Scale([]float32{0.1, -0.2}); s != 1 {
		t.Errorf("small values scale the tolerance by %g, want 1", s)
	}
	want := []float32{50, -50, 0, 0} // root mean square √1250 ≈ 35.36
	if s := Scale(want); math.Abs(s-math.Sqrt(1250)) > 1e-12 {
		t.Errorf("scale %g, want √1250", s)
	}
	for _, tt := range []struct {
		off   float32
		agree bool
	}{{3.5e-4, true}, {3.6e-4, false}} {
		d, err := Compare(want, []float32{50, -50, tt.off, 0}, Scale(want))
		if err != nil || d.Agree() != tt.agree {
			t.Errorf("%g off: agree %v (error %v), want %v", tt.off, d.Agree(), err, tt.agree)
		}
	}
}

func TestReport(t *testing.T) {
	row := func(name string, ratios ...float64) Row {
		r := Row{Name: name, Values: 10}
		for i, ratio := range ratios {
			r.Differences[i] = Difference{Worst: ratio * Absolute, Ratio: ratio}
		}
		return r
	}
	good := Report{Images: 1, Rows: []Row{row("conv1", 0.1, 0, 0.1), row("embedding", 0.2, 0, 0.2)}}
	if err := good.Err(); err != nil {
		t.Error(err)
	}
	bad := Report{Images: 2, Rows: []Row{row("conv1", 0.05, 0, 0.2), row("embedding", 0, 1.5, 0)}}
	merged := good.Merge(bad)
	if merged.Images != 3 || merged.Rows[0].Values != 20 || merged.Rows[0].Differences[2].Ratio != 0.2 || merged.Rows[0].Differences[0].Ratio != 0.1 {
		t.Errorf("merged %+v", merged)
	}
	err := merged.Err()
	if err == nil || !strings.Contains(err.Error(), "embedding: onnx-go gives") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error %v", err)
	}
	if (Report{}).Err() == nil {
		t.Error("a comparison of nothing agrees")
	}
	var b strings.Builder
	if err := merged.Print(&b); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 3 || !strings.Contains(lines[2], "over tolerance") || strings.Contains(lines[1], "over") {
		t.Errorf("table:\n%s", b.String())
	}
}
