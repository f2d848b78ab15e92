package onnx

import (
	"flag"
	"testing"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
	"github.com/sphereface-go/sphereface/internal/parity/reference"
	"github.com/sphereface-go/sphereface/models"
)

var update = flag.Bool("update", false, "write the golden files again")

// network is a member of the family narrow enough for a test.
func network(t testing.TB, name string) models.Network {
	t.Helper()
	net, err := models.New(name, models.Options{Width: 1.0 / 16, Embedding: 32})
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// contract is a complete one for a network of width 1/16.
func contract(net models.Network) Contract {
	return Contract{
		Network: net.Name, Width: 1.0 / 16, Embedding: net.Embedding(),
		CropHeight: 112, CropWidth: 96, Mean: 127.5, Std: 128,
		Template:  [5][2]float64{{30.2946, 51.6963}, {65.5318, 51.5014}, {48.0252, 71.7366}, {33.5493, 92.3655}, {62.7299, 92.2041}},
		Alignment: "fixed", Mirror: true,
		Threshold:      &Threshold{Value: 0.3125, FAR: 0.01, Data: "golden pairs, 1000"},
		TrainingData:   "none: weights from a hash",
		TrainingResult: "not trained",
		ConfigSHA256:   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	}
}

// weights fills every parameter from the hash of the reference tensors: the same
// bits on every machine, whatever the initialisers do.
func weights(net models.Network) map[string][]float32 {
	values := make(map[string][]float32)
	for i, p := range net.Params() {
		bound := 0.25
		if len(p.Shape) > 1 {
			fanIn := p.Size() / p.Shape[0]
			bound = 1 / float64(fanIn) * 8
		}
		values[p.Name] = reference.Tensor(p.Size(), bound, uint32(i+1))
	}
	return values
}

// stored are the weights that a file with the options holds.
func stored(t testing.TB, net models.Network, o Options) map[string][]float32 {
	t.Helper()
	values := weights(net)
	if o.Float16 {
		var err error
		if values, err = RoundFloat16(net, values); err != nil {
			t.Fatal(err)
		}
	}
	return values
}

// build gives a fresh model that a test may break.
func build(t testing.TB, name string, o Options) *pb.ModelProto {
	t.Helper()
	net := network(t, name)
	m, err := Build(net, stored(t, net, o), contract(net), o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func encode(t testing.TB, name string, o Options) []byte {
	t.Helper()
	net := network(t, name)
	data, err := Encode(net, stored(t, net, o), contract(net), o)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
