package ops

import (
	"fmt"
	"math"

	"gorgonia.org/gorgonia"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/splitmix"
)

// Dropout sets a share of the places of x, N×H×W×C, to zero in all of their channels and
// divides the others by 1 − share, so that the mean stays and inference is as it was
// (Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
// JMLR 2014, section 10). Places go with all of their channels, so that what is there
// cannot be read from another channel, rather as if a part of the face were covered: it
// is DropBlock (Ghiasi et al., NeurIPS 2018) with blocks of one place and a mask that the
// channels share. Which places go is a function of *key, read when the operator runs, and
// of their position alone, whatever the number of threads. The share is rounded to a
// 65,536th; at 1 nothing would be left.
func Dropout(x *gorgonia.Node, share float64, key *uint64, threads int) (*gorgonia.Node, error) {
	if !(share >= 0 && share < 1) {
		return nil, fmt.Errorf("ops: dropout of a share of %v, want 0 to below 1", share)
	}
	if err := checkRank("dropout", "x", x, 4); err != nil {
		return nil, err
	}
	y := buffer(x.Shape()...)
	below := min(uint64(math.Round(share*lots)), lots-1)
	d := &dropout{key: key, below: below, factor: lots / float32(lots-below), channels: x.Shape()[3], team: kernel.NewTeam(threads)}
	d.part = d.partOf
	name := fmt.Sprintf("dropout %v", share)
	o := &differentiable{op: op{name: name, in: typesOf(x), shape: y.Shape()}, wrt: []bool{true}}
	o.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
		d.apply(floats(y), floats(v[0]))
		return y, nil
	}
	o.gradient = func(_ gorgonia.Nodes, _, grad *gorgonia.Node) (gorgonia.Nodes, error) {
		dx := buffer(x.Shape()...)
		g := &op{name: name + " gradient", in: typesOf(grad), shape: dx.Shape()}
		g.do = func(v []gorgonia.Value) (gorgonia.Value, error) {
			d.apply(floats(dx), floats(v[0]))
			return dx, nil
		}
		computed, err := gorgonia.ApplyOp(g, grad)
		if err != nil {
			return nil, fmt.Errorf("ops: gradient of dropout: %w", err)
		}
		return gorgonia.Nodes{computed}, nil
	}
	return gorgonia.ApplyOp(o, x)
}

const (
	lots = 1 << 16 // there are so many random numbers
	// dropoutGrain is how many elements are worth a goroutine.
	dropoutGrain = 1 << 14
)

// dropout is the mask, which forward and gradient make anew from the key.
type dropout struct {
	key      *uint64
	below    uint64 // of lots random numbers, those that drop
	factor   float32
	channels int
	team     *kernel.Team

	start    uint64 // of the random numbers of this run
	to, from []float32
	part     func(from, to int) // partOf, bound once
}

func (d *dropout) apply(to, from []float32) {
	d.start, d.to, d.from = splitmix.Mix(*d.key), to, from
	d.team.Split(len(to)/d.channels, 1+dropoutGrain/d.channels, d.part)
}

// partOf computes the places from to to; place i takes the random number i.
func (d *dropout) partOf(from, to int) {
	for i := from; i < to; i++ {
		y, x := d.to[i*d.channels:][:d.channels], d.from[i*d.channels:][:d.channels]
		if splitmix.Mix(d.start+uint64(i)*splitmix.Gamma)%lots < d.below {
			clear(y)
			continue
		}
		for c, v := range x {
			y[c] = d.factor * v
		}
	}
}
