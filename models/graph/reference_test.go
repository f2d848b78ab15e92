package graph_test

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/sphereface-go/sphereface/models"
)

// reference computes a network and its loss in float64 the slow and obvious
// way, from the same description and sharing no arithmetic with the kernels.
type reference struct {
	net     models.Network
	head    models.Head
	classes int
	weights map[string][]float64
}

func newReference(net models.Network, head models.Head, classes int, weights map[string][]float32) *reference {
	r := &reference{net: net, head: head, classes: classes, weights: make(map[string][]float64)}
	for name, values := range weights {
		r.weights[name] = widen(values)
	}
	return r
}

func widen(values []float32) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = float64(v)
	}
	return out
}

// embed is the embedding of one crop.
func (r *reference) embed(x []float64) []float64 {
	outputs := make(map[string][]float64)
	for _, l := range r.net.Layers {
		if l.Kind == models.Conv {
			x = r.conv(l, x)
			for i := range x {
				if l.Skip != "" {
					x[i] += outputs[l.Skip][i]
				}
			}
		} else {
			x = r.linear(l, x)
		}
		outputs[l.Name] = x
	}
	return x
}

func (r *reference) conv(l models.Layer, x []float64) []float64 {
	w, bias, slope := r.weights[l.WeightName()], r.weights[l.BiasName()], r.weights[l.SlopeName()]
	y := make([]float64, 0, l.Out.Size())
	for o := range l.Out.C {
		for row := range l.Out.H {
			for column := range l.Out.W {
				var sum float64
				if bias != nil {
					sum = bias[o]
				}
				for c := range l.In.C {
					for i := range l.Kernel {
						for j := range l.Kernel {
							h, v := row*l.Stride+i-l.Pad, column*l.Stride+j-l.Pad
							if h >= 0 && h < l.In.H && v >= 0 && v < l.In.W {
								sum += w[((o*l.In.C+c)*l.Kernel+i)*l.Kernel+j] * x[(c*l.In.H+h)*l.In.W+v]
							}
						}
					}
				}
				if sum < 0 {
					sum *= slope[o]
				}
				y = append(y, sum)
			}
		}
	}
	return y
}

func (r *reference) linear(l models.Layer, x []float64) []float64 {
	w, bias := r.weights[l.WeightName()], r.weights[l.BiasName()]
	y := make([]float64, l.Out.C)
	for o := range y {
		y[o] = bias[o]
		for i, v := range x {
			y[o] += w[o*len(x)+i] * v
		}
	}
	return y
}

// loss is the mean cross-entropy of the head over a batch of crops.
func (r *reference) loss(x []float32, labels []int32, lambda float64) float64 {
	var total float64
	size := r.net.Input.Size()
	for i, label := range labels {
		total += r.crossEntropy(r.embed(widen(x[i*size:][:size])), int(label), lambda)
	}
	return total / float64(len(labels))
}

func (r *reference) crossEntropy(embedding []float64, label int, lambda float64) float64 {
	w := r.weights[models.HeadWeight]
	length := r.head.FeatureScale()
	if length == 0 {
		length = norm64(embedding)
	}
	logits := make([]float64, r.classes)
	var sum float64
	for j := range logits {
		column := make([]float64, len(embedding))
		var dot float64
		for i, v := range embedding {
			column[i] = w[i*r.classes+j]
			dot += v * column[i]
		}
		cos := dot / norm64(embedding) / norm64(column)
		if j == label {
			cos, _ = r.head.Target(cos, lambda)
		}
		logits[j] = length * cos
		if r.head.Kind == models.Softmax {
			logits[j] = dot
		}
		sum += math.Exp(logits[j])
	}
	return math.Log(sum) - logits[label]
}

// slope is the derivative of the loss as a parameter moves along direction.
func (r *reference) slope(param string, direction []float64, x []float32, labels []int32, lambda float64) float64 {
	start := r.weights[param]
	defer func() { r.weights[param] = start }()
	at := func(step float64) float64 {
		moved := slices.Clone(start)
		for i, d := range direction {
			moved[i] += step * d
		}
		r.weights[param] = moved
		return r.loss(x, labels, lambda)
	}
	const h = 1e-6
	return (at(h) - at(-h)) / (2 * h)
}

func unit(v []float64) []float64 {
	out, length := slices.Clone(v), norm64(v)
	for i := range out {
		out[i] /= length
	}
	return out
}

func random(n int) []float64 {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	v := make([]float64, n)
	for i := range v {
		v[i] = r.NormFloat64()
	}
	return unit(v)
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

func norm64(v []float64) float64 {
	var sum float64
	for _, x := range v {
		sum += x * x
	}
	return math.Sqrt(sum)
}
