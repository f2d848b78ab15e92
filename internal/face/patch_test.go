package face

import (
	"bytes"
	"image"
	"math"
	"testing"
)

// A patch is the photo's brightness under the pose's transform, interpolated, with
// the photo's outermost pixels repeated beyond its edges.
func TestPatchIsItsDefinition(t *testing.T) {
	img := noise(120, 90, 4)
	for name, p := range map[string]pose{
		"natural size":      {60, 45, 100, 1, 0},
		"enlarged":          {40.3, 51.7, 31, 1, 0},
		"a little smaller":  {60, 45, 180, 1, 0},
		"turned":            {70, 30, 80, math.Cos(0.5), math.Sin(0.5)},
		"upside down":       {60, 45, 100, -1, 0},
		"beyond the corner": {2, 88, 60, 1, 0},
	} {
		tr := p.transform()
		got := mustPatch(t, img, tr)
		if got.W != patchSide || got.H != patchSide || len(got.Pix) != patchSide*patchSide {
			t.Fatalf("%s: %d×%d", name, got.W, got.H)
		}
		lum := mustLuma(t, img, img.Rect, 1)
		at := func(x, y int) float64 {
			return float64(lum.Pix[min(max(y, 0), 89)*120+min(max(x, 0), 119)])
		}
		inverse := tr.Inverse()
		for y := range patchSide {
			for x := range patchSide {
				fx, fy := inverse.Apply(float64(x), float64(y))
				u, v := int(math.Floor(fx)), int(math.Floor(fy))
				ax, ay := fx-math.Floor(fx), fy-math.Floor(fy)
				want := (1-ay)*((1-ax)*at(u, v)+ax*at(u+1, v)) + ay*((1-ax)*at(u, v+1)+ax*at(u+1, v+1))
				// Rounding, and 1/4096 pixel of each coordinate.
				if d := math.Abs(float64(got.Pix[y*patchSide+x]) - want); d > 0.5+2*255.0/4096 {
					t.Fatalf("%s: (%d, %d) is off by %.2f", name, x, y, d)
				}
			}
		}
	}
}

// The pose's square lands in the middle of the patch, with its upper edge above.
func TestPatchShowsThePose(t *testing.T) {
	p := pose{300, 200, 50, math.Cos(0.7), math.Sin(0.7)}
	tr := p.transform()
	half := p.side / 2
	for _, c := range []struct{ x, y, wantX, wantY float64 }{
		{p.x, p.y, 99.5, 99.5},
		{p.x - half*p.dx, p.y - half*p.dy, 49.5, 99.5},  // middle of the left edge
		{p.x + half*p.dy, p.y - half*p.dx, 99.5, 49.5},  // of the upper
		{p.x + half*p.dx, p.y + half*p.dy, 149.5, 99.5}, // of the right
	} {
		if x, y := tr.Apply(c.x, c.y); math.Hypot(x-c.wantX, y-c.wantY) > 1e-9 {
			t.Errorf("(%.2f, %.2f) comes to (%.2f, %.2f), want (%.2f, %.2f)", c.x, c.y, x, y, c.wantX, c.wantY)
		}
	}
}

// A large face is averaged over squares first: a fine chequerboard turns grey, and
// what lies elsewhere in the photo does not count.
func TestPatchAverages(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 1200, 1000))
	for i := range img.Pix {
		if (i%1200+i/1200)%2 == 0 {
			img.Pix[i] = 255
		}
	}
	p := pose{500, 500, 410, 1, 0} // squares of 4 pixels
	for _, v := range mustPatch(t, img, p.transform()).Pix {
		if v != 128 {
			t.Fatalf("brightness %d, want 128", v)
		}
	}
	want := mustPatch(t, img, p.transform())
	clear(img.Pix[:50*1200])
	clear(img.Pix[950*1200:])
	if !bytes.Equal(mustPatch(t, img, p.transform()).Pix, want.Pix) {
		t.Error("the photo's upper and lower rim change a patch that does not show them")
	}
}

func TestPatchOfAPartOfAnImage(t *testing.T) {
	src := noise(150, 130, 6)
	for _, p := range []pose{{70, 60, 40, 1, 0}, {75, 65, 300, 0.8, 0.6}, {149, 3, 90, 0, 1}} {
		want := mustPatch(t, src, p.transform())
		for _, at := range []image.Point{{1, 0}, {17, 31}, {-40, -7}} {
			moved := image.NewNRGBA(src.Rect.Add(at))
			copy(moved.Pix, src.Pix)
			if got := mustPatch(t, moved, p.transform()); !bytes.Equal(got.Pix, want.Pix) {
				t.Errorf("pose %v: bounds from %v give another patch", p, at)
			}
		}
		if got := mustPatch(t, within(t, src, image.Pt(13, 5)), p.transform()); !bytes.Equal(got.Pix, want.Pix) {
			t.Errorf("pose %v: a part of a larger image gives another patch", p)
		}
	}
}

// Mirrored faces have mirrored points.
func TestLocateMirrored(t *testing.T) {
	img := portrait(t)
	f := one(t, img)
	patch := mustPatch(t, img, pose{f.X, f.Y, f.Side, 1, 0}.transform())
	want := flipped(locate(patch), patchSide)
	// The rounding of sums in another order.
	if d := deviation(locate(patch.Mirrored()), want); d > 1e-12 {
		t.Errorf("the points of the mirrored patch are off by %g distances of the eyes", d)
	}
}
