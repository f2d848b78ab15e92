package graph

// Layer returns the output of a layer at the last Step, as an extractor's.
func (t *Training) Layer(name string) []float32 { return t.net.output(name) }
