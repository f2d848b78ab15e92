package pico

import (
	"context"
	"math"
	"testing"
)

// texture is an image with detail at every scale, which is what most of a photo
// is to the cascades: no face.
func texture(w, h int) Gray {
	g := Gray{Pix: make([]uint8, w*h), W: w, H: h}
	for y := range h {
		for x := range w {
			v := 0.0
			for k := 3.0; k < 100; k *= 1.7 {
				v += math.Sin(float64(x)/k+k) * math.Cos(float64(y)/k-2*k)
			}
			g.Pix[y*w+x] = uint8(128 + 16*v)
		}
	}
	return g
}

// bench runs f at every level.
func bench(b *testing.B, f func(b *testing.B)) {
	used := best
	b.Cleanup(func() { best = used })
	for _, l := range levels() {
		b.Run(l.name, func(b *testing.B) {
			best = l
			f(b)
		})
	}
}

func BenchmarkFind(b *testing.B) {
	g := texture(250, 250)
	bench(b, func(b *testing.B) {
		for b.Loop() {
			if _, err := Faces().Find(context.Background(), g, Search{MinSize: 40, MaxSize: 250, Shift: 0.05, Scale: 1.1}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkLocate(b *testing.B) {
	g := texture(200, 200)
	bench(b, func(b *testing.B) {
		for b.Loop() {
			Pupil().Locate(g, Guess{Row: 90, Col: 90, Size: 25}, 63)
		}
	})
}
