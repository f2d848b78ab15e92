package lfw_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/models/lfw"
)

// The most that a model in the box may weigh: it is in every infer.
const most = 12_000_000

func TestModel(t *testing.T) {
	if n := len(lfw.Model()); n > most {
		t.Errorf("%d bytes, want at most %d", n, most)
	}
	m, err := onnx.Decode(lfw.Model())
	if err != nil {
		t.Fatal(err)
	}
	if err := onnx.Check(m); err != nil {
		t.Error(err)
	}
	contract, err := onnx.ParseContract(onnx.Metadata(m))
	if err != nil {
		t.Fatal(err)
	}
	if err := onnx.CheckContract(m, contract); err != nil {
		t.Error(err)
	}
	if contract.Network != "sphereface4" || contract.Alignment != "detect" || contract.Threshold == nil {
		t.Errorf("%v", contract)
	}
}

// What the card says of the file is what the file says of itself.
func TestCard(t *testing.T) {
	card, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Decode(lfw.Model())
	if err != nil {
		t.Fatal(err)
	}
	c, err := onnx.ParseContract(onnx.Metadata(m))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		fmt.Sprintf("%.4f", c.Threshold.Value), c.Threshold.Data, c.TrainingData, c.ConfigSHA256,
		fmt.Sprintf("%x", sha256.Sum256(lfw.Model())), fmt.Sprintf("%.1f MB", float64(len(lfw.Model()))/1e6),
	} {
		if !strings.Contains(strings.Join(strings.Fields(string(card)), " "), want) {
			t.Errorf("README.md lacks %q", want)
		}
	}
}
