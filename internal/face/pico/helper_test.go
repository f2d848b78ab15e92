package pico

import (
	"encoding/binary"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"os"
	"sync"
)

// portrait is the brightness of a photo with one face of about 100 pixels, its
// centre near row 112 and column 223.
var portrait = sync.OnceValue(func() Gray {
	f, err := os.Open("../../../testdata/faces/astronaut.jpg")
	if err != nil {
		panic(err)
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		panic(err)
	}
	m := img.(*image.YCbCr)
	g := Gray{Pix: make([]uint8, 512*512), W: 512, H: 512}
	for y := range g.H {
		copy(g.Pix[y*g.W:][:g.W], m.Y[y*m.YStride:])
	}
	return g
})

// part returns a rectangle of the image.
func part(g Gray, row, col, h, w int) Gray {
	p := Gray{Pix: make([]uint8, w*h), W: w, H: h}
	for y := range h {
		copy(p.Pix[y*w:][:w], g.Pix[(row+y)*g.W+col:])
	}
	return p
}

// resized returns the image in another size, each pixel the nearest one.
func resized(g Gray, h, w int) Gray {
	r := Gray{Pix: make([]uint8, w*h), W: w, H: h}
	for y := range h {
		for x := range w {
			r.Pix[y*w+x] = g.Pix[(2*y+1)*g.H/(2*h)*g.W+(2*x+1)*g.W/(2*w)]
		}
	}
	return r
}

// turned returns the image turned clockwise by a quarter.
func turned(g Gray) Gray {
	r := Gray{Pix: make([]uint8, len(g.Pix)), W: g.H, H: g.W}
	for y := range g.H {
		for x := range g.W {
			r.Pix[x*r.W+r.W-1-y] = g.Pix[y*g.W+x]
		}
	}
	return r
}

func noise(h, w int) Gray {
	rng := rand.New(rand.NewPCG(3, 1))
	g := Gray{Pix: make([]uint8, w*h), W: w, H: h}
	for i := range g.Pix {
		g.Pix[i] = uint8(rng.Uint32())
	}
	return g
}

// file writes a cascade's fields, each with 4 bytes.
func file(fields ...any) []byte {
	var out []byte
	for _, f := range fields {
		switch v := f.(type) {
		case int:
			out = binary.LittleEndian.AppendUint32(out, uint32(v))
		case float64:
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(v)))
		case [4]int8:
			out = append(out, byte(v[0]), byte(v[1]), byte(v[2]), byte(v[3]))
		default:
			panic("file: an int, a float64 or a node is wanted")
		}
	}
	return out
}

// smallFinder is a cascade of two trees of depth 1: the upper half of a face is
// darker than the lower one, and the left as dark as the right.
func smallFinder() []byte {
	return file(1, 1, 1, 2,
		[4]int8{-64, 0, 64, 0}, -1.0, 1.0, -0.5,
		[4]int8{0, -64, 0, 64}, -2.0, 0.5, 0.25)
}

// smallLocalizer is a cascade of two stages of one tree of depth 1.
func smallLocalizer() []byte {
	return file(2, 0.5, 1, 1,
		[4]int8{0, -64, 0, 64}, 0.0, -0.25, 0.0, 0.25,
		[4]int8{-64, 0, 64, 0}, 0.125, 0.0, -0.125, 0.0)
}
