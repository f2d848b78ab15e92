package augment

import (
	"image"
	"math"
	"math/rand/v2"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Change is one variation of a crop, in the order in which it is made.
type Change struct {
	Angle  float64 // degrees, clockwise as the viewer sees it, about the crop's centre
	Scale  float64 // factor about the crop's centre, above 0
	DX, DY int     // pixels to the right and down, after that
	Mirror bool    // after that
	Colour Colour
	Erased image.Rectangle // the pixels that are covered; empty for none
	Cover  [3]float32      // with what: R, G, B as the network's input has them
}

// Drawer draws one Change after the other without allocating. It is not safe for
// concurrent use.
type Drawer struct {
	pcg rand.PCG
	rng *rand.Rand // of pcg
}

// NewDrawer returns a Drawer.
func NewDrawer() *Drawer {
	d := &Drawer{}
	d.rng = rand.New(&d.pcg)
	return d
}

// Draw returns the Change of two keys. Each property has its own part of the random
// numbers whether it is used or not, so that switching one on or off leaves the
// others as they were.
func (d *Drawer) Draw(o Options, key1, key2 uint64) Change {
	d.pcg.Seed(key1, key2)
	c := Change{Mirror: d.rng.Uint64()&1 == 1 && o.Mirror}
	c.DX = d.rng.IntN(2*o.Shift+1) - o.Shift
	c.DY = d.rng.IntN(2*o.Shift+1) - o.Shift
	c.Angle = d.within(o.Rotate)
	c.Scale = d.factor(o.Scale)
	c.Colour = Colour{Brightness: d.within(o.Brightness), Contrast: d.factor(o.Contrast), Saturation: d.factor(o.Saturation)}
	if d.rng.Float64() < o.Grey {
		c.Colour.Saturation = 0
	}
	c.Erased, c.Cover = d.rectangle()
	if d.rng.Float64() >= o.Erase {
		c.Erased, c.Cover = image.Rectangle{}, [3]float32{}
	}
	return c
}

// within returns a number from −most to most.
func (d *Drawer) within(most float64) float64 { return most * (2*d.rng.Float64() - 1) }

// factor returns a number from 1/(1+most) to 1+most.
func (d *Drawer) factor(most float64) float64 { return math.Exp(d.within(math.Log1p(most))) }

// Random erasing: the share of the crop that a rectangle covers, and the ratio of
// its sides. Zhong et al. ("Random Erasing Data Augmentation", AAAI 2020, section
// 4.1) take 0.02 to 0.4 for photos of things and people; of a face, 0.4 can be all
// that tells it from another.
const (
	leastErased, mostErased = 0.02, 0.15
	mostElongated           = 1 / 0.3
)

// rectangle draws a part of the crop and a colour.
func (d *Drawer) rectangle() (image.Rectangle, [3]float32) {
	area := (leastErased + (mostErased-leastErased)*d.rng.Float64()) * face.CropWidth * face.CropHeight
	ratio := d.factor(mostElongated - 1)
	w := max(1, min(int(math.Sqrt(area*ratio)+0.5), face.CropWidth))
	h := max(1, min(int(math.Sqrt(area/ratio)+0.5), face.CropHeight))
	at := image.Pt(d.rng.IntN(face.CropWidth-w+1), d.rng.IntN(face.CropHeight-h+1))
	var colour [3]float32
	for i := range colour {
		colour[i] = float32(d.within(1))
	}
	return image.Rectangle{at, at.Add(image.Pt(w, h))}, colour
}
