package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/sphereface-go/sphereface/models"
)

// spec is what torch_step.py reads: the layers that models.Network lists, so
// that the architecture is described once, and all else that both sides share.
type spec struct {
	Threads  int  `json:"threads"`
	Compile  bool `json:"compile"`
	Autocast bool `json:"autocast"`

	Layers  []specLayer `json:"layers"`
	Params  []specParam `json:"params"`
	Weights string      `json:"weights"` // file: the parameters in this order, float32
	Images  string      `json:"images"`  // file: the batch, float32
	Shape   []int       `json:"shape"`   // of the batch
	Labels  []int32     `json:"labels"`
	Head    specHead    `json:"head"`

	Rate        float64 `json:"rate"`
	Momentum    float64 `json:"momentum"`
	WeightDecay float64 `json:"weight_decay"`
}

type specLayer struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Stride int    `json:"stride"`
	Pad    int    `json:"pad"`
	Weight string `json:"weight"`
	Bias   string `json:"bias"`  // of no parameter where the layer has none
	Slope  string `json:"slope"` // convolutions only
	Skip   string `json:"skip"`
}

type specParam struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
	Decay bool   `json:"decay"`
}

type specHead struct {
	Weight string  `json:"weight"`
	Margin int     `json:"margin"`
	Lambda float64 `json:"lambda"`
}

// newSpec describes a problem whose arrays lie in dir.
func newSpec(p *problem, o options, dir string) spec {
	in := p.net.Input
	s := spec{
		Threads: o.threads, Compile: o.compile, Autocast: o.autocast,
		Weights: filepath.Join(dir, "weights.f32"),
		Images:  filepath.Join(dir, "images.f32"),
		Shape:   []int{p.batch, in.C, in.H, in.W},
		Labels:  p.labels,
		Head:    specHead{Weight: models.HeadWeight, Margin: int(p.head.Margin), Lambda: p.lambda()},
		Rate:    rate, Momentum: momentum, WeightDecay: weightDecay,
	}
	for _, l := range p.net.Layers {
		s.Layers = append(s.Layers, specLayer{
			Name: l.Name, Kind: l.Kind.String(), Stride: l.Stride, Pad: l.Pad,
			Weight: l.WeightName(), Bias: l.BiasName(), Slope: l.SlopeName(), Skip: l.Skip,
		})
	}
	for _, param := range p.params() {
		s.Params = append(s.Params, specParam{param.Name, param.Shape, param.Decay})
	}
	return s
}

// write puts the spec and the arrays of p where the spec says they are, and
// returns the path of the spec itself.
func (s spec) write(p *problem, dir string) (string, error) {
	var weights [][]float32
	for _, param := range s.Params {
		weights = append(weights, p.weights[param.Name])
	}
	if err := writeFloats(s.Weights, weights...); err != nil {
		return "", err
	}
	if err := writeFloats(s.Images, p.images); err != nil {
		return "", err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("spec: %w", err)
	}
	path := filepath.Join(dir, "spec.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return "", fmt.Errorf("spec: %w", err)
	}
	return path, nil
}

// writeFloats writes arrays one after the other, in the order of bytes that
// every machine has on which PyTorch runs.
func writeFloats(path string, arrays ...[]float32) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("spec: %w", err)
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	var four [4]byte
	for _, values := range arrays {
		for _, v := range values {
			binary.LittleEndian.PutUint32(four[:], math.Float32bits(v))
			w.Write(four[:]) // a failure stays until Flush
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("spec: %w", err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("spec: %w", err)
	}
	return nil
}
