package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestWinograd runs every form of a tile at the edges, and several numbers of
// channels, images and threads.
func TestWinograd(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	shapes := []ConvShape{
		{N: 1, H: 33, W: 31, C: 16, OutC: 16},  // several blocks in an image
		{N: 1024, H: 2, W: 2, C: 16, OutC: 16}, // many blocks of many images
	}
	for h := 1; h < 10; h++ {
		for w := 1; w < 10; w++ {
			shapes = append(shapes, ConvShape{N: 1 + r.IntN(4), H: h, W: w, C: 16 * (1 + r.IntN(4)), OutC: 16 * (1 + r.IntN(3))})
		}
	}
	if testing.Short() { // the race detector makes the float64 sums slow
		shapes = shapes[:20]
	}
	for _, s := range shapes {
		s.Kernel, s.Stride, s.Pad, s.X, s.Y = 3, 1, 1, NHWC, NHWC
		threads := 1 + r.IntN(6)
		for _, l := range levels() {
			t.Run(fmt.Sprintf("%s/%+v/threads=%d", l.name, s, threads), func(t *testing.T) {
				checkConvOf(t, l, s, threads, randomConv(s, 7))
			})
		}
	}
}
