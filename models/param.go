package models

import (
	"hash/fnv"
	"math/rand/v2"
)

// Param describes one parameter tensor. The same name stands in checkpoints
// and for the initialiser in an exported ONNX file.
type Param struct {
	Name  string
	Shape []int
	// Decay tells whether weight decay applies to it. It does to weights, and
	// not to biases (as in the authors' prototxt: decay_mult 0) nor to PReLU
	// slopes (He et al. 2015, section 2.1: decay would push them to zero).
	Decay bool

	init          initializer
	fanIn, fanOut int
}

// Size is the number of elements.
func (p Param) Size() int {
	n := 1
	for _, d := range p.Shape {
		n *= d
	}
	return n
}

// Initialize returns the parameter's first value for a seed. Each parameter
// draws from a generator of its own, keyed by its name, so that changing one
// layer changes no other layer's start.
func (p Param) Initialize(seed uint64) []float32 {
	h := fnv.New64a()
	h.Write([]byte(p.Name))
	values := make([]float32, p.Size())
	p.init(values, p, rand.New(rand.NewPCG(seed, h.Sum64())))
	return values
}
