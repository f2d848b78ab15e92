package face

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"testing"
)

func TestSimilarityRecoversATransform(t *testing.T) {
	want := Transform{A: 0.83 * math.Cos(0.3), B: 0.83 * math.Sin(0.3), TX: 12.5, TY: -40}
	var src, dst [][2]float64
	rng := rand.New(rand.NewPCG(1, 2))
	for range 7 {
		x, y := 200*rng.Float64(), 200*rng.Float64()
		u, v := want.Apply(x, y)
		src, dst = append(src, [2]float64{x, y}), append(dst, [2]float64{u, v})
	}
	got, err := Similarity(src, dst)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range []float64{got.A - want.A, got.B - want.B, got.TX - want.TX, got.TY - want.TY} {
		if math.Abs(d) > 1e-11 {
			t.Errorf("component %d is off by %g", i, d)
		}
	}
	inverse := got.Inverse()
	x, y := inverse.Apply(got.Apply(31, 17))
	if math.Hypot(x-31, y-17) > 1e-11 {
		t.Errorf("inverse: (%g, %g), want (31, 17)", x, y)
	}
}

// At the least-squares solution no small change of a parameter lowers the sum.
func TestSimilarityIsLeastSquares(t *testing.T) {
	src := [][2]float64{{104.11, 112.97}, {145.44, 112.13}, {125.46, 136.91}, {108.46, 156.62}, {144.53, 156.06}}
	template := Template()
	best, err := Similarity(src, template[:])
	if err != nil {
		t.Fatal(err)
	}
	cost := func(tr Transform) (sum float64) {
		for i, p := range src {
			x, y := tr.Apply(p[0], p[1])
			sum += math.Pow(x-template[i][0], 2) + math.Pow(y-template[i][1], 2)
		}
		return sum
	}
	for i := range 8 {
		d := 1e-3 * float64(1-2*(i%2))
		tr := best
		*[]*float64{&tr.A, &tr.B, &tr.TX, &tr.TY}[i/2] += d
		if cost(tr) <= cost(best) {
			t.Errorf("changing parameter %d by %g lowers the cost", i/2, d)
		}
	}
}

func TestSimilarityErrors(t *testing.T) {
	two := [][2]float64{{0, 0}, {1, 1}}
	for name, tt := range map[string][2][][2]float64{
		"lengths":   {two, two[:1]},
		"one point": {two[:1], two[:1]},
		"coincide":  {{{3, 3}, {3, 3}}, two},
		"onto one":  {two, {{3, 3}, {3, 3}}},
		"not a num": {{{0, 0}, {math.NaN(), 1}}, two},
		"infinite":  {two, {{0, 0}, {math.Inf(1), 1}}},
	} {
		if tr, err := Similarity(tt[0], tt[1]); err == nil {
			t.Errorf("%s: no error, transform %v", name, tr)
		}
	}
}

// Warp against a plain floating-point implementation of the same rules.
func TestWarpMatchesTheDefinition(t *testing.T) {
	img := noise(61, 47, 5)
	at := func(x, y, c int) float64 {
		if !(image.Point{x, y}).In(img.Rect) {
			return 0
		}
		return float64(img.Pix[4*(y*61+x)+c])
	}
	for name, tr := range map[string]Transform{
		"identity":    {A: 1},
		"shift":       {A: 1, TX: 3.25, TY: -2.5},
		"enlarge":     {A: 2.2, B: 0.4, TX: -7, TY: 5},
		"quarter":     {A: 0, B: 1, TX: 47, TY: 0},
		"shrink":      {A: 0.7, B: -0.3, TX: 2, TY: 20},
		"out of view": {A: 1, TX: 500, TY: 500},
	} {
		got := mustWarp(t, img, tr, 50, 40)
		inverse := tr.Inverse()
		for y := range 40 {
			for x := range 50 {
				fx, fy := inverse.Apply(float64(x), float64(y))
				ix, iy := math.Floor(fx), math.Floor(fy)
				ax, ay := fx-ix, fy-iy
				for c := range 3 {
					u, v := int(ix), int(iy)
					want := (1-ay)*((1-ax)*at(u, v, c)+ax*at(u+1, v, c)) + ay*((1-ax)*at(u, v+1, c)+ax*at(u+1, v+1, c))
					// Half a grey level of rounding, and 1/4096 pixel of rounding of
					// each coordinate against a step of up to 255 levels a pixel.
					if d := math.Abs(float64(got[3*(50*y+x)+c]) - want); d > 0.5+2*255.0/4096 {
						t.Fatalf("%s: (%d, %d) channel %d is off by %.3f", name, x, y, c, d)
					}
				}
			}
		}
	}
}

// Shrinking averages: a fine chequerboard turns grey instead of into a pattern.
func TestWarpAveragesWhenItShrinks(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 400, 400))
	for i := range img.Pix {
		if (i%400+i/400)%2 == 0 {
			img.Pix[i] = 255
		}
	}
	for _, v := range mustWarp(t, img, Transform{A: 0.125, TX: -2, TY: -2}, 40, 40) {
		if v < 127 || v > 128 {
			t.Fatalf("grey level %d, want 127 or 128", v)
		}
	}
}

// The fast paths give what the general path gives, also for an image that is a
// part of another and does not start at (0, 0).
func TestPixelReadersAgree(t *testing.T) {
	src := noise(40, 30, 9)
	rect := image.Rect(3, 5, 33, 26)
	images := map[string]image.Image{"NRGBA": src.SubImage(rect)}
	gray := image.NewGray(src.Rect)
	draw.Draw(gray, gray.Rect, src, image.Point{}, draw.Src)
	images["Gray"] = gray.SubImage(rect)
	rgba := image.NewRGBA(src.Rect)
	draw.Draw(rgba, rgba.Rect, src, image.Point{}, draw.Src)
	images["RGBA"] = rgba.SubImage(rect)
	through := image.NewRGBA(src.Rect)
	for i := range through.Pix {
		through.Pix[i] = src.Pix[i&^3|3-i&3] / 2
	}
	for i := 3; i < len(through.Pix); i += 4 {
		through.Pix[i] = 200
	}
	images["RGBA half transparent"] = through.SubImage(rect)
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410} {
		m := image.NewYCbCr(src.Rect, ratio)
		rng := rand.New(rand.NewPCG(4, 4))
		for _, plane := range [][]uint8{m.Y, m.Cb, m.Cr} {
			for i := range plane {
				plane[i] = uint8(rng.Uint32())
			}
		}
		images["YCbCr "+ratio.String()] = m.SubImage(rect)
	}
	for name, img := range images {
		fast, general := pixelReader(img), generalReader(img)
		b := img.Bounds()
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				r, g, bl := fast(x, y)
				r2, g2, bl2 := general(x, y)
				if r != r2 || g != g2 || bl != bl2 {
					t.Fatalf("%s at (%d, %d): %d %d %d, the general path gives %d %d %d", name, x, y, r, g, bl, r2, g2, bl2)
				}
			}
		}
	}
	alpha := &image.NYCbCrA{YCbCr: *images["YCbCr YCbCrSubsampleRatio420"].(*image.YCbCr)}
	alpha.A, alpha.AStride = make([]uint8, 40*30), 40
	r, g, b := pixelReader(alpha)(10, 10)
	r2, g2, b2 := pixelReader(&alpha.YCbCr)(10, 10)
	if r != r2 || g != g2 || b != b2 {
		t.Error("transparency changes the colour of a WebP image")
	}
}

func TestPixelReaderOfOtherTypes(t *testing.T) {
	want := color.NRGBA{200, 100, 50, 255}
	rect := image.Rect(0, 0, 2, 2)
	for name, img := range map[string]draw.Image{
		"NRGBA64": image.NewNRGBA64(rect), "RGBA64": image.NewRGBA64(rect),
		"Paletted": image.NewPaletted(rect, color.Palette{color.Black, want}),
	} {
		img.Set(1, 1, want)
		if r, g, b := pixelReader(img)(1, 1); r != 200 || g != 100 || b != 50 {
			t.Errorf("%s: %d %d %d, want 200 100 50", name, r, g, b)
		}
	}
}
