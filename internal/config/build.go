package config

import (
	"github.com/sphereface-go/sphereface/internal/augment"
	"github.com/sphereface-go/sphereface/models"
)

// Build returns the network that the settings describe.
func (n Network) Build() (models.Network, error) {
	return models.New(n.Name, models.Options{Width: n.Width, Embedding: n.Embedding, Init: n.Init})
}

// Build returns the head that resolved settings describe.
func (h Head) Build() models.Head {
	return models.Head{
		Kind:   models.HeadKind(h.Kind),
		Margin: h.Margin, Scale: h.Scale,
		LambdaBase: h.LambdaBase, LambdaMin: h.LambdaMin, LambdaGamma: h.LambdaGamma,
	}
}

// Build returns how much training images vary.
func (a Augment) Build() augment.Options {
	return augment.Options{
		Mirror: a.Mirror, Shift: a.Shift, Rotate: a.Rotate, Scale: a.Scale,
		Brightness: a.Brightness, Contrast: a.Contrast, Saturation: a.Saturation, Grey: a.Grey,
		Erase: a.Erase,
	}
}
