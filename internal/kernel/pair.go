package kernel

import (
	"math"
	"unsafe"
)

// A pair of bf16 lies in the place of a float32, the first in its lower half.
// Read as a float32, it means nothing.

// pairOf rounds two numbers to a pair.
func pairOf(low, high float32) float32 {
	return math.Float32frombits(uint32(bf16Bits(low)) | uint32(bf16Bits(high))<<16)
}

// bf16Bits rounds to nearest even, denormals to zero, as the processor does.
func bf16Bits(x float32) uint16 {
	const exponent = 0xff << 23
	bits := math.Float32bits(x)
	switch {
	case x != x:
		return uint16(bits>>16) | 0x40 // with all of its mantissa lost, it would be infinite
	case bits&exponent == 0:
		return uint16(bits>>16) & 0x8000
	}
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}

func pairsPortable(dst, x *float32, n int) {
	d, src := unsafe.Slice(dst, n), unsafe.Slice(x, 2*n)
	for i := range d {
		d[i] = pairOf(src[2*i], src[2*i+1])
	}
}

func zipPortable(dst, low, high *float32, n int) {
	d, a, b := unsafe.Slice(dst, n), unsafe.Slice(low, n), unsafe.Slice(high, n)
	for i := range d {
		d[i] = pairOf(a[i], b[i])
	}
}

// pairUp makes pairs of the numbers that follow each other in src; the last one
// of an odd number pairs with zero.
func (l *level) pairUp(dst, src []float32) {
	n := len(src) / 2
	whole := n / l.vector * l.vector
	if whole > 0 {
		l.pairs(&dst[0], &src[0], whole)
	}
	if whole < n {
		pairsPortable(&dst[whole], &src[2*whole], n-whole)
	}
	if len(src)%2 != 0 {
		dst[n] = pairOf(src[2*n], 0)
	}
}

// pairPixels is pairUp for each of count pixels, from those that lie srcPixel
// apart to others.
func (l *level) pairPixels(dst []float32, dstPixel int, src []float32, srcPixel, channels, count int) {
	if srcPixel == 2*dstPixel { // no gap between them that is not of zeros
		l.pairUp(dst[:count*dstPixel], src[:count*srcPixel])
		return
	}
	for i := range count {
		l.pairUp(dst[i*dstPixel:], src[i*srcPixel:][:channels])
	}
}

// pairRows makes pairs of the numbers at the same place of two rows.
func (l *level) pairRows(dst, low, high []float32) {
	n := len(low)
	whole := n / l.vector * l.vector
	if whole > 0 {
		l.zip(&dst[0], &low[0], &high[0], whole)
	}
	if whole < n {
		zipPortable(&dst[whole], &low[whole], &high[whole], n-whole)
	}
}
