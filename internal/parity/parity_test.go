package parity_test

import (
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
	"github.com/sphereface-go/sphereface/internal/parity"
	"github.com/sphereface-go/sphereface/models"
)

// subject is a network with weights and files, ready to compare.
func subject(t *testing.T, net models.Network, width float64, weights map[string][]float32) parity.Subject {
	t.Helper()
	contract := onnx.Contract{
		Network: net.Name, Width: width, Embedding: net.Embedding(),
		CropHeight: face.CropHeight, CropWidth: face.CropWidth, Mean: face.PixelMean, Std: face.PixelScale,
		Template: face.Template(), Alignment: string(face.AlignFixed), Mirror: true,
		TrainingData: "none", TrainingResult: "not validated",
		ConfigSHA256: "0000000000000000000000000000000000000000000000000000000000000000",
	}
	s := parity.Subject{Network: net, Weights: weights, Threads: 2, Library: orttest.Library(t)}
	var err error
	if s.Model, err = onnx.Encode(net, weights, contract, onnx.Options{}); err != nil {
		t.Fatal(err)
	}
	if s.Layers, err = onnx.Encode(net, weights, contract, onnx.Options{Layers: true}); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestThreePaths(t *testing.T) {
	net, err := models.New("sphereface4", models.Options{Width: 0.125, Embedding: 32})
	if err != nil {
		t.Fatal(err)
	}
	c, err := parity.Open(subject(t, net, 0.125, net.Initialize(1)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(parity.RandomCrops(2, net.Input.Size(), 1), 2)
	if err != nil {
		t.Fatal(err)
	}
	r.Print(t.Output())
	if err := r.Err(); err != nil {
		t.Error(err)
	}
}
