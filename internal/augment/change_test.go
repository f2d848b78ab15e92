package augment

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

var cropArea = image.Rect(0, 0, face.CropWidth, face.CropHeight)

func noiseCrop() face.Crop {
	crop, r := face.NewCrop(), rand.New(rand.NewPCG(1, 2))
	for i := range crop.Pix {
		crop.Pix[i] = uint8(r.IntN(256))
	}
	return crop
}

func tensor(c Change, crop face.Crop) []float32 {
	dst := make([]float32, face.CropSize)
	for i := range dst {
		dst[i] = float32(math.NaN())
	}
	c.Tensor(dst, crop)
	return dst
}

// reference is the definition of a change in float64, pixel by pixel.
func reference(c Change, crop face.Crop) []float64 {
	const w, h = face.CropWidth, face.CropHeight
	sin, cos := math.Sincos(c.Angle * math.Pi / 180)
	value := func(x, y float64, channel int) float64 {
		x, y = min(max(x, 0), w-1), min(max(y, 0), h-1)
		x0, y0 := int(x), int(y)
		x1, y1 := min(x0+1, w-1), min(y0+1, h-1)
		at := func(x, y int) float64 { return float64(crop.Pix[3*(y*w+x)+channel]) }
		ax, ay := x-float64(x0), y-float64(y0)
		v := (1-ay)*((1-ax)*at(x0, y0)+ax*at(x1, y0)) + ay*((1-ax)*at(x0, y1)+ax*at(x1, y1))
		return (v - 127.5) / 128
	}
	out := make([]float64, face.CropSize)
	for y := range h {
		for x := range w {
			u, v := float64(x), float64(y)
			if c.Mirror {
				u = w - 1 - u
			}
			u, v = u-float64(c.DX)-(w-1)/2.0, v-float64(c.DY)-(h-1)/2.0
			// Clockwise as the viewer sees it: what was above the centre is right of it.
			sx, sy := (cos*u+sin*v)/c.Scale+(w-1)/2.0, (cos*v-sin*u)/c.Scale+(h-1)/2.0
			var rgb [3]float64
			for k := range rgb {
				rgb[k] = value(sx, sy, k)
			}
			grey := 0.299*rgb[0] + 0.587*rgb[1] + 0.114*rgb[2]
			for k, v := range rgb {
				v = c.Colour.Contrast*(grey+c.Colour.Saturation*(v-grey)) + 2*c.Colour.Brightness
				v = min(max(v, -127.5/128), 127.5/128)
				if image.Pt(x, y).In(c.Erased) {
					v = float64(c.Cover[k])
				}
				out[k*w*h+y*w+x] = v
			}
		}
	}
	return out
}

func TestTensorIsItsDefinition(t *testing.T) {
	crop := noiseCrop()
	for _, c := range []Change{
		{Scale: 1, Colour: none},
		{Scale: 1, Colour: none, DX: 3, DY: -2, Mirror: true},
		{Scale: 1.1, Colour: none},
		{Scale: 0.8, Colour: none, DX: -5, DY: 4, Mirror: true},
		{Scale: 1, Angle: 10, Colour: none},
		{Scale: 0.9, Angle: -45, Colour: none, DX: 20, Mirror: true},
		{Scale: 1, Angle: 90, Colour: none, DY: 48},
		{Scale: 2, Colour: none, DX: 48, DY: 48},
		{Scale: 1, Colour: Colour{Saturation: 0, Contrast: 1}},
		{Scale: 1, Colour: Colour{Saturation: 1.5, Contrast: 0.7, Brightness: 0.2}},
		{Scale: 1, Colour: Colour{Saturation: 0.7, Contrast: 1.4, Brightness: -1}},
		{Scale: 1.05, Angle: 5, Mirror: true, Colour: Colour{Saturation: 0.5, Contrast: 1.2, Brightness: 0.1}, Erased: image.Rect(10, 20, 40, 50), Cover: [3]float32{-0.5, 0, 0.5}},
	} {
		want, worst := reference(c, crop), 0.0
		for i, v := range tensor(c, crop) {
			worst = max(worst, math.Abs(float64(v)-want[i]))
		}
		// Weights are rounded down to 256ths, of differences of up to 2 in either
		// direction, times contrast and saturation.
		if most := 2 * 2.0 / 256 * max(1, c.Colour.Contrast) * max(1, c.Colour.Saturation); !(worst <= most) {
			t.Errorf("%+v: off by %.4f, want at most %.4f", c, worst, most)
		}
	}
}

// Whole pixels and right angles need no interpolation: the same bits by both ways.
func TestWholePixelsAreExact(t *testing.T) {
	crop := noiseCrop()
	for _, c := range []Change{{}, {DX: 7, DY: -3}, {DX: -48, DY: 48, Mirror: true}} {
		c.Scale, c.Colour = 1, none
		want := tensor(c, crop)
		got := make([]float32, face.CropSize)
		resample(got, crop, c.steps())
		if !slices.Equal(got, want) {
			t.Errorf("%+v: resampled it is another input", c)
		}
	}
}

func TestOptionsValidate(t *testing.T) {
	if err := all.Validate(); err != nil {
		t.Error(err)
	}
	for want, o := range map[string]Options{
		"augment: shift of 49 pixels; give 0 to 48":     {Shift: 49},
		"augment: rotate of -1 degrees; give 0 to 45":   {Rotate: -1},
		"augment: scale of 1.5; give 0 to 1":            {Scale: 1.5},
		"augment: erase of NaN; give 0 to 1":            {Erase: math.NaN()},
		"augment: saturation of +Inf; give 0 to 1":      {Saturation: math.Inf(1)},
		"augment: brightness of 2; give 0 to 1":         {Brightness: 2},
		"augment: contrast of -0.1; give 0 to 1":        {Contrast: -0.1},
		"augment: grey of 1.01; give 0 to 1":            {Grey: 1.01},
		"augment: rotate of 45.5 degrees; give 0 to 45": {Rotate: 45.5},
	} {
		if err := o.Validate(); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func BenchmarkTensor(b *testing.B) {
	crop, dst := noiseCrop(), make([]float32, face.CropSize)
	for _, c := range []struct {
		name   string
		change Change
	}{
		{"shift", Change{DX: 3, Mirror: true, Scale: 1, Colour: none}},
		{"turn", Change{Angle: 5, Scale: 1, Colour: none}},
		{"colour", Change{Scale: 1, Colour: Colour{1.2, 1.1, 0.1}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				c.change.Tensor(dst, crop)
			}
		})
	}
}
