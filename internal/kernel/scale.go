package kernel

// Scale multiplies every element by a.
func (t *Team) Scale(x []float32, a float32) {
	t.scale = scaling{x, a}
	t.run(len(x), elementGrain, &t.scale)
	t.scale = scaling{}
}

type scaling struct {
	x []float32
	a float32
}

func (s *scaling) do(from, to int) {
	x, a := s.x[from:to], s.a
	for i := range x {
		x[i] *= a
	}
}
