package kernel

// SGDStep updates the weights w from their gradient g by stochastic gradient
// descent with momentum and weight decay, as PyTorch's torch.optim.SGD defines
// it: v = momentum·v + (g + decay·w), then w -= rate·v.
func SGDStep(w, v, g []float32, rate, momentum, decay float32, threads int) {
	mustLen("SGD step", "momentum", len(v), len(w))
	mustLen("SGD step", "gradient", len(g), len(w))
	best.sgdStep(w, v, g, rate, momentum, decay, threads)
}

func (l *level) sgdStep(w, v, g []float32, rate, momentum, decay float32, threads int) {
	split(threads, len(w), elementGrain, func(from, to int) {
		whole := from + (to-from)/l.vector*l.vector
		if whole > from {
			l.sgd(&w[from], &v[from], &g[from], whole-from, rate, momentum, decay)
		}
		if to > whole {
			sgdPortable(&w[whole], &v[whole], &g[whole], to-whole, rate, momentum, decay)
		}
	})
}

func sgdPortable(wp, vp, gp *float32, n int, rate, momentum, decay float32) {
	w, v, g := floatsAt(wp, 0, n), floatsAt(vp, 0, n), floatsAt(gp, 0, n)
	for i, x := range w {
		u := momentum*v[i] + (g[i] + decay*x)
		v[i] = u
		w[i] = x - rate*u
	}
}
