package main

import (
	"math"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

func TestAgree(t *testing.T) {
	for _, c := range []struct {
		name         string
		ours, theirs []float64
		want         string // of the error, "" for none
	}{
		{"equal", []float64{9, 8}, []float64{9, 8}, ""},
		{"rounding", []float64{9.0008}, []float64{9}, ""},
		{"too far", []float64{9.001}, []float64{9}, "loss of step 1 is 9.001 here and 9 in PyTorch"},
		{"a later step", []float64{9, 8}, []float64{9, 7.9}, "loss of step 2"},
		{"no number", []float64{math.NaN()}, []float64{9}, "loss of step 1"},
		{"no number there", []float64{9}, []float64{math.NaN()}, "loss of step 1"},
		{"fewer", []float64{9}, []float64{9, 8}, "nothing to compare"},
		{"none", nil, nil, "nothing to compare"},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, agree(c.ours, c.theirs, kernel.Float32), c.want) })
	}
	wantError(t, agree([]float64{9.02}, []float64{9}, kernel.BF16), "")
	wantError(t, agree([]float64{9.06}, []float64{9}, kernel.BF16), "loss of step 1")
}

func TestSameEmbeddings(t *testing.T) {
	nan := float32(math.NaN())
	for _, c := range []struct {
		name         string
		ours, theirs []float32
		want         string
	}{
		{"equal", []float32{1, -1}, []float32{1, -1}, ""},
		{"rounding", []float32{1.0005, -1}, []float32{1, -1}, ""},
		{"too far", []float32{1, -1.002}, []float32{1, -1}, "value 1 of the embeddings"},
		{"no number", []float32{nan, 1}, []float32{1, 1}, "value 0 of the embeddings"},
		{"fewer", []float32{1}, []float32{1, 1}, "nothing to compare"},
		{"none", nil, nil, "nothing to compare"},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, sameEmbeddings(c.ours, c.theirs), c.want) })
	}
}

// wantError wants one line that contains want, or no error if that is "".
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("error %v, want none", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n")):
		t.Errorf("error %v, want one line with %q", err, want)
	}
}
