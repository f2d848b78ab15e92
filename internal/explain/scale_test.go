package explain

import (
	"image"
	"testing"
)

func TestAxis(t *testing.T) {
	a := axis{100, 300}
	for v, want := range map[float64]float64{-1: 100, 0: 200, 0.5: 250, 1: 300, 1.001: 300, -7: 100} {
		if got := a.at(v); got != want {
			t.Errorf("%v is at %v, want %v", v, got, want)
		}
	}
}

// TestThresholdMark reads the picture: left of the threshold the bar is red, right
// of it green, and the line of the threshold stands between.
func TestThresholdMark(t *testing.T) {
	p := photo(waves(100, 100), faceAt(50, 50, 40))
	box := plan(p, p).scale
	bar := image.Rect(box.Min.X, box.Min.Y+barTop+4, box.Max.X, box.Min.Y+barBottom-4)
	column := func(x int) image.Rectangle { return image.Rect(x, bar.Min.Y, x+1, bar.Max.Y) }
	for _, threshold := range []float64{-0.9, -0.25, 0, 0.321, 0.75} {
		for _, similarity := range []float64{threshold - 0.05, threshold, threshold + 0.05} {
			img := drawn(t, p, p, similarity, threshold)
			at := float64(bar.Min.X) + (threshold+1)/2*float64(bar.Dx())
			before, after := paleRed, paleGreen
			if similarity < threshold {
				before = red
			} else if similarity > threshold {
				after = green
			}
			if n := count(img, column(int(at)-3), before); n != bar.Dy() {
				t.Errorf("similarity %v, threshold %v: the bar before the threshold is not of its colour", similarity, threshold)
			}
			if n := count(img, column(int(at)+3), after); n != bar.Dy() {
				t.Errorf("similarity %v, threshold %v: the bar after the threshold is not of its colour", similarity, threshold)
			}
			mark := image.Rect(int(at)-1, bar.Min.Y, int(at)+2, bar.Max.Y)
			if n := count(img, mark, ink); n < bar.Dy() {
				t.Errorf("similarity %v, threshold %v: no line at the threshold", similarity, threshold)
			}
		}
	}
}
