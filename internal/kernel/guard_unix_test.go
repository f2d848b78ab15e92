//go:build unix

package kernel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"
)

// guarded returns n floats with values from src between two pages that must not
// be touched: they end where the second begins, or begin where the first ends.
func guarded(t *testing.T, src []float32, atEnd bool) []float32 {
	t.Helper()
	page := os.Getpagesize()
	size := floatBytes * len(src)
	whole := roundUp(size, page)
	memory, err := syscall.Mmap(-1, 0, whole+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(memory) })
	for _, guard := range [][]byte{memory[:page], memory[page+whole:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	at := page
	if atEnd {
		at += whole - size
	}
	dst := unsafe.Slice((*float32)(unsafe.Pointer(&memory[at])), len(src))
	copy(dst, src)
	return dst
}

// mustNotFault runs f and fails the test if it touches a guard page.
func mustNotFault(t *testing.T, what string, f func()) {
	t.Helper()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("%s: memory outside its tensors is touched: %v", what, r)
		}
	}()
	f()
}

func TestTileStaysInside(t *testing.T) {
	for _, atEnd := range []bool{false, true} {
		eachTile(t, 3, 40, func(t *testing.T, _ *rand.Rand, c tileCase) {
			want := c.want()
			c.a, c.b, c.c, c.init = guarded(t, c.a, atEnd), guarded(t, c.b, atEnd), guarded(t, c.c, atEnd), guarded(t, c.init, atEnd)
			mustNotFault(t, fmt.Sprintf("tile, pages at the end %v", atEnd), c.run)
			want.compare(t, "c", c.c)
		})
	}
}

func TestElementwiseStaysInside(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for _, l := range levels() {
		for _, atEnd := range []bool{false, true} {
			for _, n := range []int{1, l.vector, 3 * l.vector, 2*l.dotStep + 5, 3*l.squareStep + 1} {
				t.Run(fmt.Sprintf("%s/%d/end=%v", l.name, n, atEnd), func(t *testing.T) {
					guard := func(n int) []float32 { return guarded(t, random(r, n), atEnd) }
					w, v, g := guard(n), guard(n), guard(n)
					rows, slope, sums := guard(dotRows*n), guard(n), guard(2*n)
					mustNotFault(t, "element-wise kernels", func() {
						l.sgdStep(w, v, g, 0.1, 0.9, 0.1, 1)
						l.sum(w, v, g, 1)
						l.sumSquares(w, 1)
						l.dot(new(dots), w, rows, 0, dotRows)
						l.runActivation(new(activation), w, v, g, slope, 1, 0, n, n, true)
						l.runActivationGrad(new(activationGrad), w, v, g, slope, sums[:n], sums[n:], 1, n, n)
					})
				})
			}
		}
	}
}

func TestPairsStayInside(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, l := range products() {
		if l.unit != 2 {
			continue
		}
		for _, atEnd := range []bool{false, true} {
			for _, n := range []int{1, 15, 16, 32, 33, 64, 79} {
				low, high, dst := guarded(t, random(r, n), atEnd), guarded(t, random(r, n), atEnd), guarded(t, random(r, n), atEnd)
				up := guarded(t, random(r, (n+1)/2), atEnd)
				mustNotFault(t, fmt.Sprintf("%s: %d pairs, pages at the end %v", l.name, n, atEnd), func() {
					l.pairRows(dst, low, high)
					l.pairUp(up, low)
				})
			}
		}
	}
}

// TestConvStaysInside runs whole convolutions on guarded tensors.
func TestConvStaysInside(t *testing.T) {
	for _, l := range products() {
		for _, s := range []ConvShape{
			{N: 3, C: 3, H: 9, W: 7, OutC: 17, Kernel: 3, Stride: 2, Pad: 1, Y: NHWC},
			{N: 5, C: 32, H: 14, W: 12, OutC: 64, Kernel: 3, Stride: 1, Pad: 1, X: NHWC, Y: NHWC},
			{N: 2, C: 16, H: 6, W: 6, OutC: 33, Kernel: 3, Stride: 2, Pad: 1, X: NHWC},
			{N: 1, C: 64, H: 5, W: 5, OutC: 32, Kernel: 1, Stride: 1, X: NHWC, Y: NHWC},
		} {
			for _, atEnd := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%+v/end=%v", l.name, s, atEnd), func(t *testing.T) {
					p := randomConv(s, 1)
					guard := func(x []float32) []float32 { return guarded(t, x, atEnd) }
					x, w, bias, slope, skip, dy := guard(p.x), guard(p.w), guard(p.bias), guard(p.slope), guard(p.skip), guard(p.dy)
					y, dx, dw := guard(p.dy), guard(p.x), guard(p.w)
					dbias, dslope := guard(p.bias), guard(p.bias)
					c := newConv(l, s, 1)
					mustNotFault(t, "convolution", func() {
						c.Forward(y, x, w, bias, slope, skip)
						c.Backward(dx, dw, dbias, dslope, dy, x, w, slope)
					})
				})
			}
		}
	}
}
