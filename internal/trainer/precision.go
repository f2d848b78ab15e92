package trainer

import (
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/kernel"
)

// Precision is what the products of a run are made of: what the config asks for
// where the processor can, else float32.
func Precision(c config.Config) kernel.Precision {
	if c.Precision == kernel.BF16.String() && kernel.HasBF16() {
		return kernel.BF16
	}
	return kernel.Float32
}
