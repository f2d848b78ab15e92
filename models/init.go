package models

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// initialSlope is the PReLU slope at the start: He et al. 2015, section 2.1.
const initialSlope = 0.25

// residualStd is the standard deviation of the weights inside residual units:
// the "gaussian" filler of the SphereFace authors' prototxt. It makes a unit
// start near the identity, so that 64 layers start at the same scale as four.
const residualStd = 0.01

// initializer fills values, the storage of p, with random numbers from r.
type initializer func(values []float32, p Param, r *rand.Rand)

// layerInit is how the weight and the bias of one layer start.
type layerInit struct{ weight, bias initializer }

// scheme is how the layers of a whole network start, by their place in it.
type scheme struct{ conv, residual, fc layerInit }

// schemeNames lists what [Options].Init may be.
var schemeNames = []string{"he", "xavier", "torch"}

func newScheme(name string) (scheme, error) {
	zero := constant(0)
	residual := layerInit{normal(residualStd), zero}
	switch name {
	case "", "he":
		// The embedding has no rectifier behind it: Glorot, not He.
		return scheme{conv: layerInit{he, zero}, residual: residual, fc: layerInit{glorot, zero}}, nil
	case "xavier":
		return scheme{conv: layerInit{caffeXavier, zero}, residual: residual, fc: layerInit{caffeXavier, zero}}, nil
	case "torch":
		t := layerInit{torch, torch}
		return scheme{conv: t, residual: t, fc: t}, nil
	}
	return scheme{}, fmt.Errorf("models: unknown initialiser %q: want one of %s", name, strings.Join(schemeNames, ", "))
}

// he draws from a normal distribution of variance 2 / ((1+a²)·fan_in) with the
// initial slope a: He et al., "Delving Deep into Rectifiers", 2015, eq. 15.
func he(values []float32, p Param, r *rand.Rand) {
	normal(math.Sqrt(2/((1+initialSlope*initialSlope)*float64(p.fanIn))))(values, p, r)
}

// glorot draws from a uniform distribution of bound √(6 / (fan_in+fan_out)):
// Glorot and Bengio, "Understanding the difficulty of training deep
// feedforward neural networks", 2010, eq. 16.
func glorot(values []float32, p Param, r *rand.Rand) {
	uniform(math.Sqrt(6/float64(p.fanIn+p.fanOut)))(values, p, r)
}

// caffeXavier draws from a uniform distribution of bound √(3 / fan_in): the
// "xavier" filler of Caffe, which the SphereFace authors' prototxt names.
func caffeXavier(values []float32, p Param, r *rand.Rand) {
	uniform(math.Sqrt(3/float64(p.fanIn)))(values, p, r)
}

// torch draws from a uniform distribution of bound 1 / √fan_in: what PyTorch's
// Conv2d and Linear do by default (kaiming_uniform_ with a = √5), for the
// weight and the bias alike.
func torch(values []float32, p Param, r *rand.Rand) {
	uniform(1/math.Sqrt(float64(p.fanIn)))(values, p, r)
}

func normal(std float64) initializer {
	return func(values []float32, _ Param, r *rand.Rand) {
		for i := range values {
			values[i] = float32(std * r.NormFloat64())
		}
	}
}

func uniform(bound float64) initializer {
	return func(values []float32, _ Param, r *rand.Rand) {
		for i := range values {
			values[i] = float32(bound * (2*r.Float64() - 1))
		}
	}
}

func constant(v float32) initializer {
	return func(values []float32, _ Param, _ *rand.Rand) {
		for i := range values {
			values[i] = v
		}
	}
}
