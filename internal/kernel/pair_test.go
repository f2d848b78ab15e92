package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestBF16Bits(t *testing.T) {
	for _, c := range []struct {
		x    float32
		want uint16
	}{
		{0, 0},
		{float32(math.Copysign(0, -1)), 0x8000},
		{1, 0x3f80},
		{-2, 0xc000},
		{1 + 0x1p-8, 0x3f80},           // half way: to even
		{1 + 0x1p-8 + 0x1p-23, 0x3f81}, // above
		{1 + 0x3p-8, 0x3f82},           // half way: to even
		{math.MaxFloat32, 0x7f80},
		{float32(math.Inf(-1)), 0xff80},
		{0x1p-126, 0x0080},
		{0x1p-126 - 0x1p-149, 0},                   // denormal
		{math.Float32frombits(1<<31 | 1), 0x8000},  // likewise
		{math.Float32frombits(0x7f800001), 0x7fc0}, // no number, whose bits would be lost
		{math.Float32frombits(0xffc12345), 0xffc1},
	} {
		if got := bf16Bits(c.x); got != c.want {
			t.Errorf("%v (%#08x): %#04x, want %#04x", c.x, math.Float32bits(c.x), got, c.want)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 1000 { // the nearest of the three around it
		x := float32(r.NormFloat64() * math.Exp2(float64(r.IntN(200)-100)))
		got := bf16Bits(x)
		at := func(bits uint16) float64 {
			return math.Abs(float64(math.Float32frombits(uint32(bits)<<16)) - float64(x))
		}
		for _, other := range []uint16{got - 1, got + 1} {
			if at(other) < at(got) || (at(other) == at(got) && got&1 != 0) {
				t.Errorf("%v: %#04x, but %#04x is nearer or even", x, got, other)
			}
		}
	}
}

// TestPairs compares the conversions of every level with pairOf, bit by bit.
func TestPairs(t *testing.T) {
	for _, l := range products() {
		if l.unit != 2 {
			continue
		}
		for _, n := range []int{1, 2, 3, 15, 31, 32, 33, 64, 95, 1000} {
			t.Run(fmt.Sprintf("%s/%d", l.name, n), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(n), 1))
				low, high := values(r, n), values(r, n)
				got := nans(n)
				l.pairRows(got, low, high)
				for i, v := range got {
					if want := pairOf(low[i], high[i]); math.Float32bits(v) != math.Float32bits(want) {
						t.Fatalf("rows: pair %d of %v and %v: %#x, want %#x", i, low[i], high[i], math.Float32bits(v), math.Float32bits(want))
					}
				}
				got = nans((n + 1) / 2)
				l.pairUp(got, low)
				low = append(low, 0)
				for i, v := range got {
					if want := pairOf(low[2*i], low[2*i+1]); math.Float32bits(v) != math.Float32bits(want) {
						t.Fatalf("neighbours: pair %d of %v and %v: %#x, want %#x", i, low[2*i], low[2*i+1], math.Float32bits(v), math.Float32bits(want))
					}
				}
			})
		}
	}
}

// TestTileBF16Special compares the tiles of bf16 with the definition where it is
// not that of float32: what is denormal, infinite or no number, in sums of which
// no other product counts.
func TestTileBF16Special(t *testing.T) {
	for _, l := range products() {
		if l.unit != 2 {
			continue
		}
		s := &tileScratch{}
		s.init(l)
		rows := make([]int, l.rows) // all rows are the same
		a, b, c, init := make([]float32, 1), make([]float32, l.cols), make([]float32, l.cols), make([]float32, l.cols)
		r := rand.New(rand.NewPCG(1, 1))
		pick := func() float32 { return append(special, 0x1p-126, 0x1p-70)[r.IntN(len(special)+2)] }
		for range 300 {
			x := [2]float32{pick(), 0}
			y := [2]float32{pick(), float32(r.IntN(2))}
			start := pick()
			if r.IntN(2) == 0 {
				x[0], x[1], y[0], y[1] = x[1], x[0], y[1], y[0]
			}
			a[0] = pairOf(x[0], x[1])
			for j := range b {
				b[j], init[j] = pairOf(y[0], y[1]), start
			}
			l.tile(&tile{
				a: &a[0], b: &b[0], c: &c[0], init: &init[0], aRows: &rows[0], cRows: &rows[0],
				runs: &run{}, runCount: 1, steps: 1, aStep: floatBytes, bStep: floatBytes * l.cols,
			})
			p, q := unpair(a[0]), unpair(b[0])
			want := addBF16(addBF16(flush(start), flush(p[1]), q[1]), flush(p[0]), q[0])
			for j, got := range c {
				if !sameValue(got, want) {
					t.Fatalf("%s: %v + %v · %v: column %d = %v, want %v", l.name, start, x, y, j, got, want)
				}
			}
		}
	}
}
