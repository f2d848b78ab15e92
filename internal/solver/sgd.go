package solver

import (
	"errors"
	"fmt"
	"math"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// Param is one parameter as the solver sees it: Value is changed in place.
type Param struct {
	Name        string
	Value, Grad []float32
	Decay       bool // whether weight decay applies to it
}

// SGD is stochastic gradient descent with momentum and weight decay as PyTorch
// defines it (torch.optim.SGD, without dampening or Nesterov's variant), after
// Sutskever et al., "On the importance of initialization and momentum in deep
// learning", 2013:
//
//	v ← momentum·v + (g + decay·w)
//	w ← w − rate·v
//
// The rate multiplies the velocity when it is used, not when it is gathered:
// a change of the rate acts on all of it at once. v starts at 0.
type SGD struct {
	momentum, decay, clip float64
	velocity              map[string][]float32
	team                  *kernel.Team
}

// Options configure an SGD.
type Options struct {
	Momentum    float64 // 0 is plain gradient descent
	WeightDecay float64 // for parameters with Decay
	ClipNorm    float64 // largest norm of the whole gradient; 0 = any
	Threads     int
}

// New returns a solver with no velocity.
func New(o Options) *SGD {
	return &SGD{
		momentum: o.Momentum, decay: o.WeightDecay, clip: o.ClipNorm,
		velocity: map[string][]float32{}, team: kernel.NewTeam(o.Threads),
	}
}

// ErrNotFinite is returned when a gradient holds an infinity or no number.
var ErrNotFinite = errors.New("solver: the gradient is not finite")

// Step changes every parameter by its gradient and returns the Euclidean norm
// of the whole gradient, before any clipping and without weight decay (as
// torch.nn.utils.clip_grad_norm_ has it; Pascanu et al., "On the difficulty of
// training recurrent neural networks", 2013, algorithm 1). The gradients are
// scaled in place when they are clipped. If the norm is not finite, the error
// is ErrNotFinite and nothing is changed.
func (s *SGD) Step(params []Param, rate float64) (norm float64, err error) {
	var squares float64
	for _, p := range params {
		if len(p.Grad) != len(p.Value) {
			return 0, fmt.Errorf("solver: parameter %s has %d values and %d gradients", p.Name, len(p.Value), len(p.Grad))
		}
		squares += s.team.SumSquares(p.Grad)
	}
	norm = math.Sqrt(squares)
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return norm, ErrNotFinite
	}
	if s.clip > 0 && norm > s.clip {
		for _, p := range params {
			s.team.Scale(p.Grad, float32(s.clip/norm))
		}
	}
	for _, p := range params {
		v := s.velocity[p.Name]
		if v == nil {
			v = make([]float32, len(p.Value))
			s.velocity[p.Name] = v
		}
		decay := 0.0
		if p.Decay {
			decay = s.decay
		}
		s.team.SGDStep(p.Value, v, p.Grad, float32(rate), float32(s.momentum), float32(decay))
	}
	return norm, nil
}

// Velocity returns the live velocity of a parameter, nil before its first step.
func (s *SGD) Velocity(name string) []float32 { return s.velocity[name] }

// SetVelocity sets the velocity of a parameter, which the solver then owns.
func (s *SGD) SetVelocity(name string, v []float32) { s.velocity[name] = v }
