package kernel

// Add computes y = a + b, element by element. y may be a or b.
func Add(y, a, b []float32, threads int) {
	mustLen("addition", "a", len(a), len(y))
	mustLen("addition", "b", len(b), len(y))
	best.sum(y, a, b, threads)
}

func (l *level) sum(y, a, b []float32, threads int) {
	split(threads, len(y), elementGrain, func(from, to int) {
		whole := from + (to-from)/l.vector*l.vector
		if whole > from {
			l.add(&y[from], &a[from], &b[from], whole-from)
		}
		if to > whole {
			addPortable(&y[whole], &a[whole], &b[whole], to-whole)
		}
	})
}

func addPortable(yp, ap, bp *float32, n int) {
	y, a, b := floatsAt(yp, 0, n), floatsAt(ap, 0, n), floatsAt(bp, 0, n)
	for i, v := range a {
		y[i] = v + b[i]
	}
}
