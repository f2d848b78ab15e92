package augment

import "github.com/sphereface-go/sphereface/internal/face"

// plane is the size of a channel.
const plane = face.CropHeight * face.CropWidth

// Tensor writes the network's input for the changed crop to dst, as
// [face.Crop.Tensor] does for the crop as it is; dst has face.CropSize elements.
// Where the change brings parts into view that the crop does not have, it repeats
// the crop's outermost pixels. It allocates nothing, because training does this to
// every image of every step.
func (c Change) Tensor(dst []float32, crop face.Crop) {
	if c.turned() {
		resample(dst, crop, c.steps())
	} else {
		crop.ShiftedTensor(dst, c.DX, c.DY, c.Mirror)
	}
	r, g, b := dst[:plane], dst[plane:2*plane], dst[2*plane:3*plane]
	c.Colour.apply(r, g, b)
	for i, p := range [3][]float32{r, g, b} {
		c.cover(p, c.Cover[i])
	}
}

// cover fills the erased rectangle of a plane.
func (c Change) cover(p []float32, value float32) {
	for y := c.Erased.Min.Y; y < c.Erased.Max.Y; y++ {
		row := p[y*face.CropWidth:]
		for x := c.Erased.Min.X; x < c.Erased.Max.X; x++ {
			row[x] = value
		}
	}
}
