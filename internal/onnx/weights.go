package onnx

import (
	"fmt"
	"math"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
	"github.com/sphereface-go/sphereface/models"
)

// Weights gives the values of all initialisers by name, row-major.
func Weights(m *pb.ModelProto) (map[string][]float32, error) {
	weights := make(map[string][]float32)
	for _, t := range m.GetGraph().GetInitializer() {
		if _, twice := weights[t.GetName()]; twice {
			return nil, fmt.Errorf("onnx: two initialisers are named %q: export the model again", t.GetName())
		}
		values, err := tensorValues(t)
		if err != nil {
			return nil, err
		}
		weights[t.GetName()] = values
	}
	return weights, nil
}

// CheckWeights tells whether a model can compute anything with the weights that
// it holds for net, which [Recognize] gives: all are there, every value is
// finite, and no matrix or kernel is zero as a whole, which would make all
// embeddings alike.
func CheckWeights(m *pb.ModelProto, net models.Network) error {
	const remedy = "export the model again, from a checkpoint that works"
	weights, err := Weights(m)
	if err != nil {
		return err
	}
	if err := net.CheckWeights(weights); err != nil {
		return fmt.Errorf("onnx: %w: %s", err, remedy)
	}
	for _, p := range net.Params() {
		values := weights[p.Name]
		if err := checkFinite(p.Name, values); err != nil {
			return fmt.Errorf("onnx: %w: %s", err, remedy)
		}
		if len(p.Shape) > 1 && allZero(values) {
			return fmt.Errorf("onnx: parameter %s: every element is 0: %s", p.Name, remedy)
		}
	}
	return nil
}

// checkFinite names the first value that is no number.
func checkFinite(name string, values []float32) error {
	for i, v := range values {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return fmt.Errorf("parameter %s: element %d is %v", name, i, v)
		}
	}
	return nil
}

func allZero(values []float32) bool {
	for _, v := range values {
		if v != 0 {
			return false
		}
	}
	return true
}
