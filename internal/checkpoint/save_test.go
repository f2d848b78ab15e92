package checkpoint

import (
	"path/filepath"
	"testing"

	"github.com/sphereface-go/sphereface/models"
)

// BenchmarkSave saves what a run on LFW saves, weights and momenta of 115 MB.
// Training waits for it.
func BenchmarkSave(b *testing.B) {
	net, err := models.New("sphereface4", models.Options{})
	if err != nil {
		b.Fatal(err)
	}
	c := &Checkpoint{Config: []byte("seed: 1\n")}
	size := 0
	for _, p := range append(net.Params(), models.HeadParam(net.Embedding(), 3634)) {
		c.Params = append(c.Params, Param{
			Name: p.Name, Shape: p.Shape,
			Value: make([]float32, p.Size()), Momentum: make([]float32, p.Size()),
		})
		size += 8 * p.Size()
	}
	path := filepath.Join(b.TempDir(), "last.safetensors")
	b.SetBytes(int64(size))
	for b.Loop() {
		if err := Save(path, c); err != nil {
			b.Fatal(err)
		}
	}
}
