package checkpoint

import (
	"fmt"
	"slices"

	"github.com/sphereface-go/sphereface/internal/verification"
	"github.com/sphereface-go/sphereface/models"
)

// Checkpoint is the whole state of a training run between two steps.
type Checkpoint struct {
	Config []byte // resolved config, YAML

	// Place in the run: the next step to do is batch Batch of epoch Epoch,
	// both counted from 0, after Step steps in all.
	Step, Epoch, Batch int
	Seed               uint64

	Partial Sums // of the batches of Epoch before Batch

	// Data says in words what was trained on, Images and Classes how many.
	Data            string
	Images, Classes int
	// DataHash tells the images trained on and held out from others; "" in a file
	// that does not say.
	DataHash string

	// Validation is the last one, nil if there was none. Best is the highest
	// accuracy of all so far, 0 if there was none.
	Validation *Validation
	Best       float64

	Params []Param // in the order of the network, the head last
}

// Param is one parameter tensor and its momentum, which is nil until the
// first step.
type Param struct {
	Name            string
	Shape           []int
	Value, Momentum []float32
}

// Sums add up over the batches of an epoch.
type Sums struct {
	Loss    float64 // sum of the mean losses of the batches, each times its images
	Correct int     // images whose class had the highest logit
	Images  int
}

// Validation is the result on held-out people.
type Validation struct {
	Epoch int    `json:"epoch"`     // epochs done when it was measured
	List  string `json:"pair_list"` // name of the pair list
	verification.Result
}

// Weights returns the values of all parameters by name, the head's included.
func (c *Checkpoint) Weights() map[string][]float32 {
	w := make(map[string][]float32, len(c.Params))
	for _, p := range c.Params {
		w[p.Name] = p.Value
	}
	return w
}

// Match compares the tensors with the parameters that a network and its head
// have. The error names the first tensor that is missing, of another shape or
// not of this network; what says in words which network is wanted.
func (c *Checkpoint) Match(what string, params []models.Param) error {
	have := make(map[string]Param, len(c.Params))
	for _, p := range c.Params {
		have[p.Name] = p
	}
	for _, want := range params {
		p, ok := have[want.Name]
		if !ok {
			return fmt.Errorf("tensor %s is missing: a checkpoint of another network than %s", want.Name, what)
		}
		if !slices.Equal(p.Shape, want.Shape) {
			return fmt.Errorf("tensor %s has the shape %v, want %v: a checkpoint of another network than %s", want.Name, p.Shape, want.Shape, what)
		}
		delete(have, want.Name)
	}
	for _, p := range c.Params {
		if _, extra := have[p.Name]; extra {
			return fmt.Errorf("tensor %s is not part of %s: a checkpoint of another network", p.Name, what)
		}
	}
	return nil
}
