package kernel

import (
	"math"
	"math/rand/v2"
	"unsafe"
)

// products are all levels of products of float32 and of bf16: in Go, and the
// processor's if it has them.
func products() []*level {
	all := append(levels(), portableBF16)
	for _, l := range levels() {
		if b := bf16Level(l); b != nil {
			all = append(all, b)
		}
	}
	return all
}

// portableBF16 computes what the processor does with bf16, so that all that lies
// around the tile is tested everywhere. As a precision it would be slower than
// float32, and nobody asks for it.
var portableBF16 = func() *level {
	l := *portable
	l.name = "portable-bf16"
	l.tile, l.dense, l.unit = tilePortableBF16, tilePortableBF16, 2
	l.pairs, l.zip = pairsPortable, zipPortable
	return &l
}()

// unpair returns the numbers of a pair, the first one first.
func unpair(pair float32) [2]float32 {
	bits := math.Float32bits(pair)
	return [2]float32{math.Float32frombits(bits << 16), math.Float32frombits(bits &^ 0xffff)}
}

// rounded returns x as a level multiplies it.
func (l *level) rounded(x []float32) []float32 {
	if l.unit == 1 {
		return x
	}
	y := make([]float32, len(x))
	for i, v := range x {
		y[i] = unpair(pairOf(v, 0))[0]
	}
	return y
}

// random returns n units, and numbers the factors of a product of two units.
func (l *level) random(r *rand.Rand, n int) []float32 {
	x := random(r, n)
	if l.unit == 2 {
		for i, v := range x {
			x[i] = pairOf(v, float32(r.NormFloat64()))
		}
	}
	return x
}

func (l *level) numbers(unit float32) []float32 {
	if l.unit == 1 {
		return []float32{unit}
	}
	n := unpair(unit)
	return n[:]
}

// tilePortableBF16 follows Intel's definition of VDPBF16PS: the second numbers of
// the pairs are multiplied and added first, then the first ones, each time with
// one rounding, and what is denormal is zero.
func tilePortableBF16(t *tile) {
	init := unsafe.Slice(t.init, portableCols)
	aRows, cRows := unsafe.Slice(t.aRows, portableRows), unsafe.Slice(t.cRows, portableRows)
	var sums [portableRows][portableCols]float32
	for i := range sums {
		for j, v := range init {
			sums[i][j] = flush(v)
		}
		for _, r := range unsafe.Slice(t.runs, t.runCount) {
			for k := range t.steps {
				a := unpair(floatsAt(t.a, aRows[i]+r.a+k*t.aStep, 1)[0])
				a[0], a[1] = flush(a[0]), flush(a[1])
				for j, b := range floatsAt(t.b, r.b+k*t.bStep, portableCols) {
					y := unpair(b)
					sums[i][j] = addBF16(addBF16(sums[i][j], a[1], y[1]), a[0], y[0])
				}
			}
		}
	}
	// All are read before one is written: rows of c may be the same.
	for i := range sums {
		if t.add != 0 {
			for j, v := range floatsAt(t.c, cRows[i], portableCols) {
				sums[i][j] += v
			}
		}
	}
	for i := range sums {
		copy(floatsAt(t.c, cRows[i], portableCols), sums[i][:])
	}
}

// addBF16 returns sum + x·y, rounded once: the product of 8 bits each is exact in
// float64, and so is every sum whose lower half reaches into a float32's 24 bits.
// sum and x are not denormal.
func addBF16(sum, x, y float32) float32 {
	return flush(float32(float64(sum) + float64(x)*float64(flush(y))))
}

// flush makes zero of what is denormal.
func flush(x float32) float32 {
	const exponent, sign = 0xff << 23, 1 << 31
	if bits := math.Float32bits(x); bits&exponent == 0 {
		return math.Float32frombits(bits & sign)
	}
	return x
}
