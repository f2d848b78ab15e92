package ops_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/sphereface-go/sphereface/internal/ops"
)

// droppedOut is the dropout of x, of places with so many channels, and the gradient of
// half of its sum of squares.
func droppedOut(t *testing.T, x []float32, channels int, share float64, key *uint64, threads, runs int) (y, dx [][]float32) {
	t.Helper()
	g := gorgonia.NewGraph()
	shape := tensor.Shape{2, 1, len(x) / channels / 2, channels}
	in := gorgonia.NewTensor(g, tensor.Float32, 4, gorgonia.WithShape(shape...), gorgonia.WithName("x"), gorgonia.WithValue(tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x))))
	out, err := ops.Dropout(in, share, key, threads)
	if err != nil {
		t.Fatal(err)
	}
	cost := gorgonia.Must(gorgonia.Mul(gorgonia.NewConstant(float32(0.5)), gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.Square(out))))))
	grads, err := gorgonia.Grad(cost, in)
	if err != nil {
		t.Fatal(err)
	}
	vm := gorgonia.NewTapeMachine(g)
	defer vm.Close()
	for range runs {
		vm.Reset()
		if err := vm.RunAll(); err != nil {
			t.Fatal(err)
		}
		y = append(y, slices.Clone(out.Value().Data().([]float32)))
		dx = append(dx, slices.Clone(grads[0].Value().Data().([]float32)))
		*key++
	}
	return y, dx
}

func ones(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = 1
	}
	return x
}

// The share goes, the rest is enlarged, and the gradient lets through what forward did.
func TestDropout(t *testing.T) {
	const n, channels = 50_002, 5 // places, of several goroutines
	for _, share := range []float64{0, 0.3, 0.5, 0.999} {
		key := uint64(7)
		y, dx := droppedOut(t, ones(n*channels), channels, share, &key, 3, 2)
		factor := float32(1 / (1 - share))
		for run := range y {
			kept := 0
			for i, v := range y[run] {
				// The share is one of 65,536ths, and the rest as much of them again.
				if v != 0 && math.Abs(float64(v/factor-1)) > 0.5/65536/(1-share)+1e-6 {
					t.Fatalf("share %v: element %d is %v, want 0 or %v", share, i, v, factor)
				}
				if first := y[run][i-i%channels]; v != first {
					t.Fatalf("share %v: channel %d of place %d is %v, and channel 0 is %v", share, i%channels, i/channels, v, first)
				}
				if v != 0 && i%channels == 0 {
					kept++
				}
				// y² / 2 has the gradient y·(dy/dx), and dy/dx is y itself at x = 1.
				if want := v * v; math.Abs(float64(dx[run][i]-want)) > 1e-6*float64(want) {
					t.Fatalf("share %v: gradient %v of element %d, want %v", share, dx[run][i], i, want)
				}
			}
			// Five standard deviations of a binomial.
			if off := math.Abs(float64(kept) - n*(1-share)); off > 5*math.Sqrt(n*share*(1-share)) {
				t.Errorf("share %v: %d of %d places are left", share, kept, n)
			}
		}
		if share > 0 && slices.Equal(y[0], y[1]) {
			t.Errorf("share %v: another key drops the same places", share)
		}
	}
}

// Places that are neighbours, in 7×6 maps too, are dropped independently of each other,
// and so are those of neighbouring keys.
func TestDropoutIsIndependent(t *testing.T) {
	const n, share = 100_000, 0.5
	key := uint64(1)
	y, _ := droppedOut(t, ones(n), 1, share, &key, 1, 2)
	for name, other := range map[string]func(i int) float32{
		"the next place":           func(i int) float32 { return y[0][(i+1)%n] },
		"that below":               func(i int) float32 { return y[0][(i+6)%n] },
		"that of the next image":   func(i int) float32 { return y[0][(i+42)%n] },
		"that of the next key":     func(i int) float32 { return y[1][i] },
		"the next of the next key": func(i int) float32 { return y[1][(i+1)%n] },
	} {
		both := 0
		for i, v := range y[0] {
			if v != 0 && other(i) != 0 {
				both++
			}
		}
		// Of independent halves a quarter; five standard deviations.
		if off := math.Abs(float64(both) - n/4.0); off > 5*math.Sqrt(n*0.25*0.75) {
			t.Errorf("%d of %d places are left together with %s, want a quarter", both, n, name)
		}
	}
}

// The same key gives the same bits for any number of threads.
func TestDropoutThreads(t *testing.T) {
	x := make([]float32, 70_014) // 23,338 places of 3 channels
	for i := range x {
		x[i] = float32(i)
	}
	one, five := uint64(3), uint64(3)
	want, wantGrad := droppedOut(t, x, 3, 0.3, &one, 1, 1)
	got, gotGrad := droppedOut(t, x, 3, 0.3, &five, 5, 1)
	if !slices.Equal(got[0], want[0]) || !slices.Equal(gotGrad[0], wantGrad[0]) {
		t.Error("five threads drop other places than one")
	}
}

func TestDropoutShares(t *testing.T) {
	for _, share := range []float64{-0.1, 1, math.NaN()} {
		g := gorgonia.NewGraph()
		x := gorgonia.NewTensor(g, tensor.Float32, 4, gorgonia.WithShape(2, 2, 2, 2), gorgonia.WithName("x"))
		_, err := ops.Dropout(x, share, new(uint64), 1)
		if want := fmt.Sprintf("ops: dropout of a share of %v, want 0 to below 1", share); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	flat := gorgonia.NewMatrix(gorgonia.NewGraph(), tensor.Float32, gorgonia.WithShape(2, 8), gorgonia.WithName("x"))
	if _, err := ops.Dropout(flat, 0.3, new(uint64), 1); err == nil || !strings.Contains(err.Error(), "ops: dropout") {
		t.Errorf("a matrix, which has no places: %v", err)
	}
}
