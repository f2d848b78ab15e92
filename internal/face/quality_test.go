package face

import (
	"image"
	"math"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face/pico"
)

// blurred is the picture averaged over squares of 2r+1 pixels around each, three
// times, which is nearly a Gaussian of the deviation √(r·(r+1)).
func blurred(img *image.NRGBA, r int) *image.NRGBA {
	b := img.Rect
	clamp := func(v, n int) int { return min(max(v, 0), n-1) }
	for range 3 {
		for _, d := range []image.Point{{1, 0}, {0, 1}} {
			out := image.NewNRGBA(b)
			for y := range b.Dy() {
				for x := range b.Dx() {
					i := out.PixOffset(x, y)
					var sum [3]int
					for k := -r; k <= r; k++ {
						j := img.PixOffset(clamp(x+k*d.X, b.Dx()), clamp(y+k*d.Y, b.Dy()))
						for c := range sum {
							sum[c] += int(img.Pix[j+c])
						}
					}
					for c := range sum {
						out.Pix[i+c] = uint8(sum[c] / (2*r + 1))
					}
					out.Pix[i+3] = 255
				}
			}
			img = out
		}
	}
	return img
}

func TestQualityFallsWithPixels(t *testing.T) {
	slow(t)
	img := portrait(t)
	last := math.Inf(1)
	for _, c := range []struct {
		factor float64
		poor   bool
	}{{1, false}, {0.7, false}, {0.5, false}, {0.38, true}, {0.3, true}} {
		n := int(512 * c.factor)
		f := one(t, warped(img, scaled(c.factor), n, n))
		q := f.Quality()
		if q >= last || q <= 0 || q > 1 {
			t.Errorf("scaled by %g: quality %.3f, at the size before %.3f", c.factor, q, last)
		}
		if poor := q < PoorQuality; poor != c.poor {
			t.Errorf("scaled by %g, %.0f pixels between the eyes: quality %.3f, want poor: %v", c.factor, f.EyeDistance(), q, c.poor)
		}
		last = q
	}
}

func TestQualityFallsWithBlur(t *testing.T) {
	slow(t)
	img, _ := head(t)
	b := img.Bounds()
	plain := warped(img, Transform{A: 1}, b.Dx(), b.Dy())
	last := one(t, plain).Sharpness
	// Deviations of 1.4, 2.4 and 4.5 pixels of 45 between the eyes. From a 20th of
	// these on a photo is poor.
	for _, radius := range []int{1, 2, 4} {
		f := one(t, blurred(plain, radius))
		if f.Sharpness >= last {
			t.Errorf("radius %d: sharpness %.4f, with less blur %.4f", radius, f.Sharpness, last)
		}
		if q := f.Quality(); radius >= 2 && q >= PoorQuality {
			t.Errorf("radius %d: quality %.3f, want less than %g", radius, q, PoorQuality)
		}
		last = f.Sharpness
	}
}

// Light and contrast do not count.
func TestSharpnessOfAPattern(t *testing.T) {
	pattern := func(f func(x, y int) int) pico.Gray {
		g := pico.Gray{Pix: make([]uint8, patchSide*patchSide), W: patchSide, H: patchSide}
		for i := range g.Pix {
			g.Pix[i] = uint8(f(i%patchSide, i/patchSide))
		}
		return g
	}
	if s := sharpness(pattern(func(int, int) int { return 77 })); s != 0 {
		t.Errorf("one colour: %v, want 0", s)
	}
	// Each pixel of a chequerboard differs by 2 deviations from its neighbours.
	for _, step := range []int{2, 100} {
		if s := sharpness(pattern(func(x, y int) int { return 50 + step*((x+y)%2) })); math.Abs(s-2) > 1e-9 {
			t.Errorf("a chequerboard of steps of %d: %v, want 2", step, s)
		}
	}
	// On a slope no pixel differs from the mean of its neighbours.
	if s := sharpness(pattern(func(x, y int) int { return x + 20 })); s != 0 {
		t.Errorf("a slope: %v, want 0", s)
	}
}
