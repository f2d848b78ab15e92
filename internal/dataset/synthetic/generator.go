package synthetic

import (
	"fmt"
	"sync"

	"github.com/sphereface-go/sphereface/internal/face"
)

// A Generator draws the faces of one world of people. It is safe for concurrent
// use.
type Generator struct {
	seed   uint64
	canvas sync.Pool // of *canvas: the drawing needs half a megabyte
}

// New returns the generator of the world with the given seed. Worlds with
// different seeds have nobody in common.
func New(seed uint64) *Generator {
	return &Generator{
		seed:   seed,
		canvas: sync.Pool{New: func() any { return new(canvas) }},
	}
}

// Crop draws an image of a person: 112 rows of 96 RGB pixels in the alignment of
// [face.Template]. Person and image are any numbers from 0. The result depends on
// the seed and on these two alone, and is the caller's to keep.
func (g *Generator) Crop(person, image int) face.Crop {
	who := newPerson(newRandom(g.seed, uint64(person)))
	r := newRandom(g.seed, uint64(person), uint64(image))
	s := newScene(r, &who)

	c := g.canvas.Get().(*canvas)
	defer g.canvas.Put(c)
	c.draw(&who, &s)
	out := face.NewCrop()
	c.expose(&who, &s, out.Pix)
	return out
}

// Name is the person's name, fit for a folder: "Person_0007".
func Name(person int) string { return fmt.Sprintf("Person_%04d", person) }
