package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestPReLU(t *testing.T) {
	nan := float32(math.NaN())
	x := []float32{1, -2, 0, nan, -1, 3, -4, 5}
	slope := []float32{0.5, -0.25} // of x[0:2] and x[4:6], and of the others
	y, want := nans(8), []float32{1, -1, 0, nan, -0.5, 3, 1, 5}
	PReLU(y, x, slope, 2, 2, 2)
	for i := range want {
		if y[i] != want[i] && !(want[i] != want[i] && y[i] != y[i]) {
			t.Errorf("y[%d] = %v, want %v", i, y[i], want[i])
		}
	}
}

func TestPReLUGrad(t *testing.T) {
	const n, channels, size = 5, 7, 700 // enough for several goroutines
	r := rand.New(rand.NewPCG(4, 4))
	x, dy, slope := random(r, n*channels*size), random(r, n*channels*size), random(r, channels)
	wantX, wantSlope := newReference(len(x)), newReference(channels)
	for i, v := range x {
		c := i / size % channels
		if v > 0 {
			wantX.add(i, float64(dy[i]))
			continue
		}
		wantX.add(i, float64(dy[i])*float64(slope[c]))
		wantSlope.add(c, float64(dy[i])*float64(v))
	}
	dx, dslope := nans(len(x)), nans(channels)
	PReLUGrad(dx, dslope, dy, x, slope, n, size, 3)
	wantX.compare(t, "dx", dx)
	wantSlope.compare(t, "dslope", dslope)
	x[0] = float32(math.NaN())
	PReLUGrad(nil, dslope, dy, x, slope, n, size, 3)
	if finite(dslope[0]) || !finite(dslope[1]) {
		t.Errorf("x[0] is NaN: dslope = %v", dslope)
	}
}

// The convolution's PReLU and skip are the separate operators.
func TestConvIsItsParts(t *testing.T) {
	s := ConvShape{N: 3, C: 4, H: 6, W: 5, OutC: 6, Kernel: 3, Stride: 1, Pad: 1}
	p := randomConv(s, 2)
	c := NewConv(s, ConvOptions{Threads: 2})
	fused, y := nans(s.outputLen()), nans(s.outputLen())
	c.Forward(fused, p.x, p.w, p.bias, p.slope, p.skip)
	c.Infer(y, p.x, p.bias, nil, nil)
	PReLU(y, y, p.slope, s.N, s.pixels(), 2)
	Add(y, y, p.skip, 2)
	sameBits(t, "y", y, fused)
}

func TestNormalizeColumns(t *testing.T) {
	const rows, cols = 37, 700
	r := rand.New(rand.NewPCG(5, 5))
	src, g := random(r, rows*cols), random(r, rows*cols)
	for i := range rows {
		src[i*cols+3] = 0
		src[i*cols+4] *= 1e-25 // whose squares vanish in float32
		src[i*cols+5] *= 1e25  // whose squares overflow
	}
	dst, inv, dsrc := nans(len(src)), nans(cols), nans(len(src))
	NewTeam(3).NormalizeColumns(dst, inv, src, rows, cols)
	NewTeam(3).NormalizeColumnsGrad(dsrc, g, dst, inv, rows, cols)
	for j := range cols {
		var square, dot, magnitude float64
		for i := range rows {
			square += float64(src[i*cols+j]) * float64(src[i*cols+j])
		}
		norm := math.Sqrt(square)
		if j == 3 {
			if inv[j] != 0 {
				t.Errorf("inv of a zero column is %v", inv[j])
			}
			for i := range rows {
				if dst[i*cols+j] != 0 || dsrc[i*cols+j] != 0 {
					t.Fatalf("a zero column has %v and gradient %v", dst[i*cols+j], dsrc[i*cols+j])
				}
			}
			continue
		}
		for i := range rows {
			dot += float64(src[i*cols+j]) / norm * float64(g[i*cols+j])
			magnitude += math.Abs(float64(src[i*cols+j]) / norm * float64(g[i*cols+j]))
		}
		for i := range rows {
			u := float64(src[i*cols+j]) / norm
			// Two roundings: of 1/norm and of the product.
			if d := math.Abs(float64(dst[i*cols+j]) - u); d > 2*epsilon*math.Abs(u) {
				t.Fatalf("dst[%d,%d] = %v, want %v", i, j, dst[i*cols+j], u)
			}
			want := (float64(g[i*cols+j]) - u*dot) / norm
			// A few roundings of terms as large as those that cancel.
			if d := math.Abs(float64(dsrc[i*cols+j]) - want); d > 6*epsilon*(math.Abs(float64(g[i*cols+j]))+math.Abs(u)*magnitude)/norm {
				t.Fatalf("dsrc[%d,%d] = %v, want %v", i, j, dsrc[i*cols+j], want)
			}
		}
	}
}

func TestSGDStep(t *testing.T) {
	const n = 50000
	const rate, momentum, decay = 0.1, 0.9, 5e-4
	r := rand.New(rand.NewPCG(6, 6))
	w, v, g := random(r, n), random(r, n), random(r, n)
	wantW, wantV := newReference(n), newReference(n)
	for i := range w {
		wantV.add(i, momentum*float64(v[i]))
		wantV.add(i, float64(g[i]))
		wantV.add(i, decay*float64(w[i]))
		wantW.add(i, float64(w[i]))
		wantW.add(i, -rate*wantV.value[i])
		wantW.magnitude[i] += rate * wantV.magnitude[i]
	}
	one := append([]float32(nil), w...)
	NewTeam(1).SGDStep(one, append([]float32(nil), v...), g, rate, momentum, decay)
	NewTeam(3).SGDStep(w, v, g, rate, momentum, decay)
	wantV.compare(t, "v", v)
	wantW.compare(t, "w", w)
	sameBits(t, "w with one thread", one, w)
}

func TestSumSquaresAndScale(t *testing.T) {
	for _, n := range []int{0, 1, 7, sumBlock, sumBlock + 1, 5*sumBlock + 3} {
		x := random(rand.New(rand.NewPCG(8, 8)), n)
		var want float64
		for _, v := range x {
			want += float64(v) * float64(v)
		}
		got := NewTeam(1).SumSquares(x)
		// The squares are exact in float64; the sums differ by its roundings.
		if math.Abs(got-want) > 1e-12*want {
			t.Errorf("%d elements: %v, want %v", n, got, want)
		}
		if again := NewTeam(4).SumSquares(x); again != got {
			t.Errorf("%d elements: 1 thread %v, 4 threads %v", n, got, again)
		}
		y := append([]float32(nil), x...)
		NewTeam(3).Scale(y, -0.5)
		for i := range y {
			if y[i] != -0.5*x[i] {
				t.Fatalf("Scale: element %d = %v, want %v", i, y[i], -0.5*x[i])
			}
		}
	}
}

// A wrong length must be refused before anything is written.
func TestWrongLength(t *testing.T) {
	s := ConvShape{N: 1, C: 2, H: 4, W: 4, OutC: 2, Kernel: 3, Stride: 1, Pad: 1}
	p := randomConv(s, 1)
	y := make([]float32, s.outputLen())
	for name, f := range map[string]func(){
		"kernel: convolution: x has 31 elements, its shape needs 32":   func() { NewConv(s, ConvOptions{Threads: 1}).Forward(y, p.x[1:], p.w, nil, nil, nil) },
		"kernel: convolution: slope has 1 elements, its shape needs 2": func() { NewConv(s, ConvOptions{Threads: 1}).Forward(y, p.x, p.w, nil, p.slope[1:], nil) },
		"kernel: fully connected layer: w has 5 elements, its shape needs 6": func() {
			NewLinear(1, 2, 3, Float32, 1).Forward(make([]float32, 3), make([]float32, 2), make([]float32, 5), nil)
		},
		"kernel: matrix product: C has 0 elements, its shape needs 1":        func() { NewMatMul(1, 1, 1, false, false, 1).Run(nil, make([]float32, 1), make([]float32, 1)) },
		"kernel: convolution gradient: Backward without a Forward before it": func() { NewConv(s, ConvOptions{Threads: 1}).Backward(nil, p.w, nil, nil, y, p.x, p.w, nil) },
		"kernel: impossible convolution {N:1 C:1 H:2 W:2 OutC:1 Kernel:3 Stride:1 Pad:0 X:NCHW Y:NCHW}": func() {
			NewConv(ConvShape{N: 1, C: 1, H: 2, W: 2, OutC: 1, Kernel: 3, Stride: 1}, ConvOptions{Threads: 1})
		},
	} {
		func() {
			defer func() {
				if got := recover(); got != name {
					t.Errorf("panic %v, want %q", got, name)
				}
			}()
			f()
		}()
	}
}
