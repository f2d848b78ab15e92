package kernel

// Scale multiplies every element by a.
func Scale(x []float32, a float32, threads int) {
	split(threads, len(x), elementGrain, func(from, to int) {
		x := x[from:to]
		for i := range x {
			x[i] *= a
		}
	})
}
