package onnx

import (
	"math"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/models"
)

func TestEncodeErrors(t *testing.T) {
	tests := []struct {
		name   string
		damage func(net *models.Network, w map[string][]float32, c *Contract)
		want   string
	}{
		{"weight missing", func(_ *models.Network, w map[string][]float32, _ *Contract) { delete(w, "prelu3_slope") }, "onnx: models: sphereface4: parameter prelu3_slope is missing"},
		{"weight of another size", func(_ *models.Network, w map[string][]float32, _ *Contract) { w["fc5_bias"] = w["fc5_bias"][1:] }, "onnx: models: sphereface4: parameter fc5_bias has 31 elements"},
		{"not a number", func(_ *models.Network, w map[string][]float32, _ *Contract) {
			w["conv2_weight"][5] = float32(math.NaN())
		}, "onnx: parameter conv2_weight: element 5 is NaN: the weights are not usable"},
		{"infinite", func(_ *models.Network, w map[string][]float32, _ *Contract) {
			w["conv2_weight"][5] = float32(math.Inf(-1))
		}, "onnx: parameter conv2_weight: element 5 is -Inf"},
		{"contract with a gap", func(_ *models.Network, _ map[string][]float32, c *Contract) { c.Alignment = "" }, "onnx: metadata: missing alignment: fill these in"},
		{"contract of another network", func(_ *models.Network, _ map[string][]float32, c *Contract) { c.Network = "sphereface20" }, "onnx: the metadata says sphereface20 of width 0.0625"},
		{"contract of another width", func(_ *models.Network, _ map[string][]float32, c *Contract) { c.Width = 1 }, "onnx: the metadata says sphereface4 of width 1 and"},
		{"contract of another crop", func(_ *models.Network, _ map[string][]float32, c *Contract) { c.CropHeight = 96 }, "onnx: the graph's input is input [N,3,112,96], but the metadata says input [N,3,96,96]"},
		{"no layers", func(net *models.Network, _ map[string][]float32, _ *Contract) { net.Layers = nil }, `onnx: network "sphereface4" must end in a fully connected layer`},
		{"no fully connected layer", func(net *models.Network, _ map[string][]float32, _ *Contract) { net.Layers = net.Layers[:4] }, `onnx: network "sphereface4" must end in a fully connected layer`},
		{"FC without bias", func(net *models.Network, _ map[string][]float32, _ *Contract) { net.Layers[4].Bias = false }, "onnx: network sphereface4: layer fc5: has no bias"},
		{"unknown kind", func(net *models.Network, _ map[string][]float32, _ *Contract) { net.Layers[1].Kind = 9 }, "onnx: network sphereface4: layer conv2: no ONNX operator is known"},
		{"skip to nowhere", func(net *models.Network, _ map[string][]float32, _ *Contract) { net.Layers[1].Skip = "conv9" }, "onnx: network sphereface4: layer conv2: adds the output of conv9, which is no earlier layer"},
		{"convolution after FC", func(net *models.Network, _ map[string][]float32, _ *Contract) {
			net.Layers = append(net.Layers, net.Layers[0], net.Layers[4])
		}, "onnx: network sphereface4: layer conv1: a convolution cannot follow a fully connected layer"},
	}
	for _, test := range tests {
		net := network(t, "sphereface4")
		w, c := weights(net), contract(net)
		test.damage(&net, w, &c)
		_, err := Encode(net, w, c, Options{})
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: error\n%v\nwant\n%s", test.name, err, test.want)
		}
	}
}
