package models

import "fmt"

// Network is a feature extractor: an aligned face crop in, an embedding out.
type Network struct {
	// Name is the family member's: "sphereface4".
	Name string
	// Input is the shape of one crop.
	Input Shape
	// Layers are computed in order. The last one's output is the embedding.
	Layers []Layer
}

// Params are all parameters in layer order.
func (n Network) Params() []Param {
	var params []Param
	for _, l := range n.Layers {
		params = append(params, l.Params()...)
	}
	return params
}

// ParamCount is the number of parameter elements.
func (n Network) ParamCount() int {
	count := 0
	for _, p := range n.Params() {
		count += p.Size()
	}
	return count
}

// Embedding is the number of elements of the embedding.
func (n Network) Embedding() int { return n.Layers[len(n.Layers)-1].Out.Size() }

// Initialize returns first values for all parameters, by name. The same seed
// gives the same values.
func (n Network) Initialize(seed uint64) map[string][]float32 {
	values := make(map[string][]float32)
	for _, p := range n.Params() {
		values[p.Name] = p.Initialize(seed)
	}
	return values
}

// CheckWeights tells whether values holds every parameter of the network in
// its size. The error names the first parameter that is missing or differs.
func (n Network) CheckWeights(values map[string][]float32) error {
	for _, p := range n.Params() {
		v, ok := values[p.Name]
		if !ok {
			return fmt.Errorf("models: %s: parameter %s is missing", n.Name, p.Name)
		}
		if len(v) != p.Size() {
			return fmt.Errorf("models: %s: parameter %s has %d elements, want %d of shape %v", n.Name, p.Name, len(v), p.Size(), p.Shape)
		}
	}
	return nil
}
