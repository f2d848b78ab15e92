package kernel

// Workspace is memory for what plans need only while one of their calls runs.
// Plans that share one must not run at the same time. The zero value is ready
// for use.
type Workspace struct{ memory []float32 }

// floats returns n floats of any value, which are the caller's until the next
// call.
func (w *Workspace) floats(n int) []float32 {
	if len(w.memory) < n {
		w.memory = make([]float32, n)
	}
	return w.memory[:n]
}

// carve cuts n floats off memory. Each piece begins at a line of the cache of
// its own.
func carve(memory *[]float32, n int) []float32 {
	piece := (*memory)[:n]
	*memory = (*memory)[lined(n):]
	return piece
}

// lined is the length of whole lines of the cache that hold n floats.
func lined(n int) int { return roundUp(n, 16) }
