package report

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/plot"

	"github.com/sphereface-go/sphereface/internal/verification"
)

var pictures = flag.String("pictures", "", "leave the plots of the tests in this folder, for the eye")

func folder(t *testing.T) string {
	if *pictures != "" {
		return *pictures
	}
	return t.TempDir()
}

// course is a run as one might go: the loss falls, the accuracies rise.
func course(epochs int) []Row {
	var rows []Row
	for e := 1; e <= epochs; e++ {
		x := float64(e) / float64(epochs)
		r := Row{Epoch: e, Step: 74 * e, Loss: 8*math.Exp(-3*x) + 0.3, Accuracy: x * x * 0.97}
		if e%2 == 0 {
			r.Validation = &Validation{Accuracy: 0.91 - 0.3*math.Exp(-5*x), StdErr: 0.012}
		}
		rows = append(rows, r)
	}
	return rows
}

// results gives scores of the two kinds, d standard deviations apart.
func result(t *testing.T, d float64) verification.Result {
	t.Helper()
	var scores []verification.Score
	for i := range 600 {
		z := math.Erfinv(2*(float64(i)+0.5)/600 - 1)
		scores = append(scores,
			verification.Score{Similarity: 0.2 + 0.15*(z+d), Same: true},
			verification.Score{Similarity: 0.2 + 0.15*z})
	}
	r, err := verification.Evaluate(scores, 10)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func load(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// heights is the mean row of the pixels of a curve's colour in the left and in
// the right part of the plot, without the legend's part; n counts them all.
func heights(m image.Image, c color.Color) (left, right float64, n int) {
	b := m.Bounds()
	var sum [2]float64
	var count [2]int
	wr, wg, wb, _ := c.RGBA()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if r, g, bl, _ := m.At(x, y).RGBA(); r != wr || g != wg || bl != wb {
				continue
			}
			n++
			switch {
			case x > b.Dx()/7 && x < b.Dx()/3:
				sum[0] += float64(y)
				count[0]++
			case x < 2*b.Dx()/3 && x > b.Dx()/2:
				sum[1] += float64(y)
				count[1]++
			}
		}
	}
	return sum[0] / float64(count[0]), sum[1] / float64(count[1]), n
}

func TestPlots(t *testing.T) {
	dir := folder(t)
	path := filepath.Join(dir, "loss.png")
	if err := PlotLoss(path, course(40)); err != nil {
		t.Fatal(err)
	}
	m := load(t, path)
	if w, h := m.Bounds().Dx(), m.Bounds().Dy(); w != 1008 || h != 648 {
		t.Errorf("the plot has %d×%d pixels, want 1008×648", w, h)
	}
	if left, right, n := heights(m, palette[0]); n < 500 || !(right > left+50) {
		t.Errorf("the loss falls, but its curve goes from row %.0f to row %.0f (%d pixels)", left, right, n)
	}

	path = filepath.Join(dir, "accuracy.png")
	if err := PlotAccuracy(path, course(40)); err != nil {
		t.Fatal(err)
	}
	m = load(t, path)
	for i := range 2 {
		if left, right, n := heights(m, palette[i]); n < 500 || !(right < left-20) {
			t.Errorf("the accuracy rises, but curve %d goes from row %.0f to row %.0f (%d pixels)", i, left, right, n)
		}
	}

	curves := []Curve{{"epoch 10", result(t, 1.5)}, {"epoch 40", result(t, 3)}}
	for scale, name := range []string{"roc.png", "roc-log.png"} {
		path = filepath.Join(dir, name)
		if err := PlotROC(path, Scale(scale), curves...); err != nil {
			t.Fatal(err)
		}
		m = load(t, path)
		worse, _, n := heights(m, palette[0])
		better, _, k := heights(m, palette[1])
		if n < 500 || k < 500 || !(better < worse-20) {
			t.Errorf("%s: the better curve is at row %.0f, the worse one at row %.0f (%d and %d pixels)", name, better, worse, k, n)
		}
	}
}

// What a run has at its start must be drawn too.
func TestPlotsOfLittle(t *testing.T) {
	dir := t.TempDir()
	constant := []Row{{Epoch: 7, Step: 1, Loss: 0}, {Epoch: 8, Step: 2, Loss: 0}}
	for name, rows := range map[string][]Row{"one": course(1), "constant": constant, "many": course(300)} {
		if err := PlotLoss(filepath.Join(dir, name+".png"), rows); err != nil {
			t.Errorf("%s: loss: %v", name, err)
		}
		if err := PlotAccuracy(filepath.Join(dir, name+"-a.png"), rows); err != nil {
			t.Errorf("%s: accuracy: %v", name, err)
		}
	}
	perfect, err := verification.Evaluate([]verification.Score{
		{Similarity: 1, Same: true}, {Similarity: 0}, {Similarity: 1, Same: true, Fold: 1}, {Similarity: 0, Fold: 1},
	}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, scale := range []Scale{Linear, Log} {
		if err := PlotROC(filepath.Join(dir, "roc.png"), scale, Curve{Result: perfect}); err != nil {
			t.Errorf("perfect curve: %v", err)
		}
	}
}

func TestAPlotThatFailsLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "loss.png")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"no rows":  PlotLoss(path, nil),
		"no rows2": PlotAccuracy(path, nil),
		"no curve": PlotROC(path, Linear),
		"no point": PlotROC(path, Log, Curve{Name: "empty"}),
		"NaN":      PlotLoss(path, []Row{{Epoch: 1, Loss: nan()}}),
	} {
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, want an error that names %s", name, err, path)
		}
	}
	if got := content(t, path); got != "old" {
		t.Errorf("the file is now %q", got)
	}
	if err := PlotLoss(filepath.Join(dir, "none", "loss.png"), course(2)); err == nil {
		t.Error("a folder that does not exist: no error")
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestSamePlotSameBytes(t *testing.T) {
	dir := t.TempDir()
	var files [2][]byte
	for i := range files {
		path := filepath.Join(dir, "a.png")
		if err := PlotAccuracy(path, course(12)); err != nil {
			t.Fatal(err)
		}
		files[i] = []byte(content(t, path))
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same rows gave two pictures")
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		ticker    plot.TickerFunc
		want      string
	}{
		{0.5, 1.5, ticks(1), "1"},
		{0.5, 9.5, ticks(1), "1 2 3 4 5 6 7 8 9"},
		{0, 129, ticks(1), "0 20 40 60 80 100 120"},
		{-1.44, 125.44, ticks(1), "0 20 40 60 80 100 120"}, // not -0
		{0, 1, ticks(0), "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1"},
		{0, 8.1, ticks(0), "0 1 2 3 4 5 6 7 8"},
		{0, 1.05e-6, ticks(0), "0 1e-07 2e-07 3e-07 4e-07 5e-07 6e-07 7e-07 8e-07 9e-07 1e-06"},
		{0.0008, 1, decades, "0.001 0.01 0.1 1"},
	} {
		var labels []string
		for _, k := range c.ticker(c.low, c.high) {
			if k.Label != "" {
				labels = append(labels, k.Label)
			}
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("%v to %v: %q, want %q", c.low, c.high, got, c.want)
		}
	}
}
