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
					w, v, g, rows := guard(n), guard(n), guard(n), guard(dotRows*n)
					mustNotFault(t, "element-wise kernels", func() {
						newTeam(l, 1).SGDStep(w, v, g, 0.1, 0.9, 0.1)
						l.sum(w, v, g, 1)
						newTeam(l, 1).SumSquares(w)
						l.dot(new(dots), w, rows, 0, dotRows)
					})
				})
			}
		}
	}
}

func TestActivationStaysInside(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 11))
	for _, l := range levels() {
		for _, atEnd := range []bool{false, true} {
			for _, n := range []int{1, l.vector, 3 * l.vector, 4*l.vector + 3} {
				for _, pixels := range []int{1, 2, 5} {
					t.Run(fmt.Sprintf("%s/%dx%d/end=%v", l.name, pixels, n, atEnd), func(t *testing.T) {
						guard := func(n int) []float32 { return guarded(t, random(r, n), atEnd) }
						y, z, skip, slope := guard(pixels*n), guard(pixels*n), guard(pixels*n), guard(n)
						dslope, dbias := guard(n), guard(n)
						pitch := n + 3 // from pixel to pixel of dz
						dz := guard((pixels-1)*pitch + n)
						mustNotFault(t, "activation", func() {
							l.runActivation(new(activation), y, z, skip, slope, pixels, 0, n, n, false)
							l.runActivation(new(activation), y, z, nil, slope, pixels, 0, n, n, true)
							l.runActivationGrad(new(activationGrad), dz, y, z, slope, dslope, dbias, pixels, n, pitch)
						})
					})
				}
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
