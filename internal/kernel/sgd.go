package kernel

// SGDStep updates the weights w from their gradient g by stochastic gradient
// descent with momentum and weight decay, as PyTorch's torch.optim.SGD defines
// it: v = momentum·v + (g + decay·w), then w -= rate·v.
func (t *Team) SGDStep(w, v, g []float32, rate, momentum, decay float32) {
	mustLen("SGD step", "momentum", len(v), len(w))
	mustLen("SGD step", "gradient", len(g), len(w))
	t.sgd = sgdStep{t.level, w, v, g, rate, momentum, decay}
	t.run(len(w), elementGrain, &t.sgd)
	t.sgd = sgdStep{}
}

type sgdStep struct {
	level                 *level
	w, v, g               []float32
	rate, momentum, decay float32
}

func (s *sgdStep) do(from, to int) {
	whole := from + (to-from)/s.level.vector*s.level.vector
	if whole > from {
		s.level.sgd(&s.w[from], &s.v[from], &s.g[from], whole-from, s.rate, s.momentum, s.decay)
	}
	if to > whole {
		sgdPortable(&s.w[whole], &s.v[whole], &s.g[whole], to-whole, s.rate, s.momentum, s.decay)
	}
}

func sgdPortable(wp, vp, gp *float32, n int, rate, momentum, decay float32) {
	w, v, g := floatsAt(wp, 0, n), floatsAt(vp, 0, n), floatsAt(gp, 0, n)
	for i, x := range w {
		u := momentum*v[i] + (g[i] + decay*x)
		v[i] = u
		w[i] = x - rate*u
	}
}
