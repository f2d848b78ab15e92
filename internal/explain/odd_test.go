package explain

import (
	"image"
	"math"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// TestOddInput draws what no detector and no network should return, without a
// panic and in a page of the usual size, which drawn checks.
func TestOddInput(t *testing.T) {
	good := photo(waves(100, 100), faceAt(50, 50, 40))
	with := func(change func(p *Photo)) Photo {
		p := good
		p.Faces = append([]face.Face(nil), good.Faces...)
		change(&p)
		return p
	}
	photos := map[string]Photo{
		"one pixel":      photo(waves(1, 1)),
		"very wide":      photo(waves(20000, 1), faceAt(500, 0, 2)),
		"very high":      photo(waves(1, 20000), faceAt(0, 19999, 1e-3)),
		"no image":       with(func(p *Photo) { p.Image = nil }),
		"empty image":    with(func(p *Photo) { p.Image = image.NewGray(image.Rect(5, 5, 5, 9)) }),
		"no detection":   with(func(p *Photo) { p.Faces, p.Chosen = nil, -1 }),
		"none chosen":    with(func(p *Photo) { p.Chosen = -1 }),
		"chosen of none": with(func(p *Photo) { p.Chosen = 7 }),
		"no name":        with(func(p *Photo) { p.Name = "" }),
		"long name":      with(func(p *Photo) { p.Name = strings.Repeat("名\x00\xff", 2000) }),
		"corners afar":   with(func(p *Photo) { p.Corners = [4][2]float64{{-1e300, 0}, {1e300, 0}, {1e9, 1e9}, {-1e9, 3}} }),
		"many faces":     with(func(p *Photo) { p.Faces = append(p.Faces, make([]face.Face, 300)...) }),
	}
	for name, v := range map[string]float64{"NaN": math.NaN(), "infinite": math.Inf(1), "huge": -math.MaxFloat64, "large": 1e12} {
		photos["face "+name] = with(func(p *Photo) { p.Faces[0] = faceAt(v, 3, 40) })
		photos["side "+name] = with(func(p *Photo) { p.Faces[0] = faceAt(10, 10, v) })
		photos["corner "+name] = with(func(p *Photo) { p.Corners[2][1] = v })
		photos["point "+name] = with(func(p *Photo) { p.Faces[0].Points[3][0] = v })
	}
	for name, p := range photos {
		t.Run(name, func(t *testing.T) { drawn(t, p, good, 0.5, 0.3) })
	}
}

func TestOddNumbers(t *testing.T) {
	p := photo(waves(100, 100), faceAt(50, 50, 40))
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e300, -1.0000001, 1.0000001} {
		drawn(t, p, p, v, 0.3)
		drawn(t, p, p, 0.5, v)
		drawn(t, p, p, v, v)
	}
}
