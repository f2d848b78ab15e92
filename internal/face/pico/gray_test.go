package pico

import (
	"bytes"
	"testing"
)

func TestPadded(t *testing.T) {
	g := Gray{Pix: []uint8{1, 2, 3, 4, 5, 6}, W: 3, H: 2}
	p := g.Padded(2)
	want := []uint8{
		1, 1, 1, 2, 3, 3, 3,
		1, 1, 1, 2, 3, 3, 3,
		1, 1, 1, 2, 3, 3, 3,
		4, 4, 4, 5, 6, 6, 6,
		4, 4, 4, 5, 6, 6, 6,
		4, 4, 4, 5, 6, 6, 6,
	}
	if p.W != 7 || p.H != 6 || !bytes.Equal(p.Pix, want) {
		t.Errorf("%d×%d %v, want 7×6 %v", p.W, p.H, p.Pix, want)
	}
	if p := g.Padded(0); p.W != 3 || p.H != 2 || !bytes.Equal(p.Pix, g.Pix) {
		t.Errorf("without a frame: %v", p)
	}
	if p := (Gray{Pix: []uint8{9}, W: 1, H: 1}).Padded(1); !bytes.Equal(p.Pix, bytes.Repeat([]uint8{9}, 9)) {
		t.Errorf("one pixel: %v", p)
	}
}

func TestMirrored(t *testing.T) {
	g := Gray{Pix: []uint8{1, 2, 3, 4, 5, 6}, W: 3, H: 2}
	m := g.Mirrored()
	if want := []uint8{3, 2, 1, 6, 5, 4}; m.W != 3 || m.H != 2 || !bytes.Equal(m.Pix, want) {
		t.Errorf("%v, want %v", m, want)
	}
	if g.Pix[0] != 1 {
		t.Error("the image itself has changed")
	}
	if p := portrait(); !bytes.Equal(p.Mirrored().Mirrored().Pix, p.Pix) {
		t.Error("mirrored twice is another image")
	}
}

func TestLess(t *testing.T) {
	for _, a := range []int{0, 1, 2, 127, 128, 254, 255, 256} {
		for _, b := range []int{0, 1, 2, 127, 128, 254, 255, 256} {
			want := 0
			if a < b {
				want = 1
			}
			if got := less(a, b); got != want {
				t.Errorf("less(%d, %d) = %d", a, b, got)
			}
		}
	}
}
