package augment

import (
	"math"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// all is a use of every option.
var all = Options{
	Mirror: true, Shift: 4, Rotate: 10, Scale: 0.2,
	Brightness: 0.3, Contrast: 0.4, Saturation: 0.5, Grey: 0.1, Erase: 0.5,
}

// What is drawn lies within the options, reaches their ends, and is as frequent as
// they say.
func TestDrawRanges(t *testing.T) {
	const n = 20000
	d := NewDrawer()
	share := map[string]int{}
	low, high := map[string]float64{}, map[string]float64{}
	see := func(name string, v float64) { low[name], high[name] = min(low[name], v), max(high[name], v) }
	for i := range n {
		c := d.Draw(all, 7, uint64(i))
		for name, is := range map[string]bool{"mirror": c.Mirror, "grey": c.Colour.Saturation == 0, "erase": !c.Erased.Empty()} {
			if is {
				share[name]++
			}
		}
		see("dx", float64(c.DX))
		see("dy", float64(c.DY))
		see("angle", c.Angle)
		see("scale", math.Log(c.Scale))
		see("brightness", c.Colour.Brightness)
		see("contrast", math.Log(c.Colour.Contrast))
		if s := c.Colour.Saturation; s != 0 {
			see("saturation", math.Log(s))
		}
		if r := c.Erased; !r.Empty() {
			part := float64(r.Dx()*r.Dy()) / (face.CropWidth * face.CropHeight)
			// Sides are rounded to pixels, by a half of some 8 at the least.
			if !r.In(cropArea) || part < 0.9*leastErased || part > 1.1*mostErased {
				t.Fatalf("rectangle %v covers %.3f", r, part)
			}
		}
	}
	for name, want := range map[string]float64{"mirror": 0.5, "grey": all.Grey, "erase": all.Erase} {
		// Five standard deviations of a binomial.
		if got := float64(share[name]) / n; math.Abs(got-want) > 5*math.Sqrt(want*(1-want)/n) {
			t.Errorf("%s: a share of %.4f, want %.2f", name, got, want)
		}
	}
	for name, most := range map[string]float64{
		"dx": 4, "dy": 4, "angle": 10, "scale": math.Log(1.2), "brightness": 0.3, "contrast": math.Log(1.4), "saturation": math.Log(1.5),
	} {
		// Of 20,000 the outermost lie within a thousandth of the ends, but for one run
		// in e^10.
		if low[name] < -most-1e-12 || low[name] > -0.999*most || high[name] > most+1e-12 || high[name] < 0.999*most {
			t.Errorf("%s: from %.4f to %.4f, want ±%.4f", name, low[name], high[name], most)
		}
	}
}

// Each option has its own random numbers: without one, the others stay as they were.
func TestDrawSwitchedOff(t *testing.T) {
	for i := range uint64(500) {
		full := NewDrawer().Draw(all, 3, i)
		for name, off := range map[string]struct {
			o    func(*Options)
			want func(*Change)
		}{
			"mirror":     {func(o *Options) { o.Mirror = false }, func(c *Change) { c.Mirror = false }},
			"shift":      {func(o *Options) { o.Shift = 0 }, func(c *Change) { c.DX, c.DY = 0, 0 }},
			"rotate":     {func(o *Options) { o.Rotate = 0 }, func(c *Change) { c.Angle = 0 }},
			"scale":      {func(o *Options) { o.Scale = 0 }, func(c *Change) { c.Scale = 1 }},
			"brightness": {func(o *Options) { o.Brightness = 0 }, func(c *Change) { c.Colour.Brightness = 0 }},
			"contrast":   {func(o *Options) { o.Contrast = 0 }, func(c *Change) { c.Colour.Contrast = 1 }},
			"erase":      {func(o *Options) { o.Erase = 0 }, func(c *Change) { c.Erased, c.Cover = Change{}.Erased, Change{}.Cover }},
		} {
			o, want := all, full
			off.o(&o)
			off.want(&want)
			if got := NewDrawer().Draw(o, 3, i); got != want {
				t.Fatalf("without %s: %+v, want %+v", name, got, want)
			}
		}
	}
}

// The same keys give the same change from whatever drawer, and others another.
func TestDrawKeys(t *testing.T) {
	d := NewDrawer()
	seen := map[Change]bool{}
	for i := range uint64(100) {
		for _, keys := range [][2]uint64{{i, 1000}, {1000, i}} {
			c := d.Draw(all, keys[0], keys[1])
			if c != NewDrawer().Draw(all, keys[0], keys[1]) {
				t.Fatalf("keys %v give two changes", keys)
			}
			if seen[c] {
				t.Fatalf("keys %v give the change of others", keys)
			}
			seen[c] = true
		}
	}
}

func TestNothingIsDrawn(t *testing.T) {
	if c := NewDrawer().Draw(Options{}, 1, 2); c != (Change{Scale: 1, Colour: none}) {
		t.Errorf("without options: %+v", c)
	}
}
