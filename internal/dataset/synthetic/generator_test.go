package synthetic

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"sync"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

var update = flag.Bool("update", false, "rewrite the goldens")

const golden = "testdata/golden.png"

// thumbnails draws some crops and takes the means of their 8×8 blocks. Compilers
// for arm64 fuse multiplications and additions, so a value of a crop may differ by
// one in its last bit; the mean of 64 hides that, and hides nothing that anyone
// could see.
func thumbnails() *image.RGBA {
	const block, n = 8, 8
	const w, h = face.CropWidth / block, face.CropHeight / block
	g := New(3)
	out := image.NewRGBA(image.Rect(0, 0, n*w, h))
	for k := range n {
		c := g.Crop(k, 10*k)
		for y := range h {
			for x := range w {
				var sum [3]int
				for i := range block * block {
					at := 3 * ((y*block+i/block)*face.CropWidth + x*block + i%block)
					for j := range sum {
						sum[j] += int(c.Pix[at+j])
					}
				}
				out.SetRGBA(k*w+x, y, color.RGBA{uint8(sum[0] / 64), uint8(sum[1] / 64), uint8(sum[2] / 64), 255})
			}
		}
	}
	return out
}

// TestGolden holds the faces in place: whoever trains with a seed today gets the
// same people tomorrow.
func TestGolden(t *testing.T) {
	got := thumbnails()
	if *update {
		var b bytes.Buffer
		if err := png.Encode(&b, got); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.Open(golden)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != got.Bounds() {
		t.Fatalf("%s is %v, want %v", golden, want.Bounds(), got.Bounds())
	}
	for y := range got.Bounds().Dy() {
		for x := range got.Bounds().Dx() {
			a, b := got.RGBAAt(x, y), color.RGBAModel.Convert(want.At(x, y)).(color.RGBA)
			if off := max(apart(a.R, b.R), apart(a.G, b.G), apart(a.B, b.B)); off > 1 {
				t.Fatalf("block %d, %d: %v, golden %v: the faces have changed (-update if they should)", x, y, a, b)
			}
		}
	}
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

// difference is the mean absolute difference of two crops in 8-bit steps.
func difference(a, b face.Crop) float64 {
	sum := 0
	for i := range a.Pix {
		sum += apart(a.Pix[i], b.Pix[i])
	}
	return float64(sum) / face.CropSize
}

func TestCropDependsOnSeedPersonAndImageAlone(t *testing.T) {
	const people, images = 6, 4
	first := make([]face.Crop, people*images)
	g := New(11)
	for i := range first {
		first[i] = g.Crop(i/images, i%images)
		if len(first[i].Pix) != face.CropSize {
			t.Fatalf("crop of %d bytes, want %d", len(first[i].Pix), face.CropSize)
		}
	}
	// Another generator, another order, many at once.
	again := New(11)
	var wg sync.WaitGroup
	for i := len(first) - 1; i >= 0; i-- {
		wg.Go(func() {
			if c := again.Crop(i/images, i%images); !bytes.Equal(c.Pix, first[i].Pix) {
				t.Errorf("person %d, image %d: not the same crop twice", i/images, i%images)
			}
		})
	}
	wg.Wait()
	for i := range first {
		if d := difference(first[i], New(12).Crop(i/images, i%images)); d < 8 {
			t.Errorf("person %d, image %d: seeds 11 and 12 differ by %.1f steps only", i/images, i%images, d)
		}
		for j := range i {
			if d := difference(first[i], first[j]); d < 5 {
				t.Errorf("crops %d and %d differ by %.1f steps only", i, j, d)
			}
		}
	}
}

// TestPeopleDiffer puts many people into one and the same scene.
func TestPeopleDiffer(t *testing.T) {
	const people = 40
	draw := func(p int) face.Crop {
		who := newPerson(newRandom(5, uint64(p)))
		s := newScene(newRandom(77), &who)
		s.pose, s.obstacle.has = newPose(newRandom(78), &who, &s.expression), false
		c := new(canvas)
		c.draw(&who, &s)
		out := face.NewCrop()
		c.expose(&who, &s, out.Pix)
		return out
	}
	crops := make([]face.Crop, people)
	least := math.Inf(1)
	for i := range crops {
		crops[i] = draw(i)
		for j := range i {
			least = min(least, difference(crops[i], crops[j]))
		}
	}
	// The same person drawn twice differs by nothing, so all of this is identity.
	if d := difference(draw(0), crops[0]); d != 0 {
		t.Errorf("the same person in the same scene differs by %.2f steps", d)
	}
	t.Logf("least difference between two of %d people: %.1f steps", people, least)
	if least < 4 {
		t.Errorf("two people in the same light differ by %.1f steps only", least)
	}
}

// TestLandmarksMeetTheTemplate measures the alignment: over many people and poses
// the landmarks lie about the template's points, a few pixels off as those of a
// real aligner.
func TestLandmarksMeetTheTemplate(t *testing.T) {
	const n = 400
	var mean [5][2]float64
	var square float64
	for k := range n {
		p := newPerson(newRandom(1, uint64(k)))
		r := newRandom(1, uint64(k), 0)
		s := newScene(r, &p)
		for i, q := range p.landmarks(&s.expression) {
			x, y := s.pose.at(q)
			dx, dy := float64(x)-face.Template()[i][0], float64(y)-face.Template()[i][1]
			mean[i][0] += dx / n
			mean[i][1] += dy / n
			square += (dx*dx + dy*dy) / (5 * n)
		}
	}
	t.Logf("root mean square distance to the template: %.2f pixels; mean by point: %.2f", math.Sqrt(square), mean)
	if rms := math.Sqrt(square); rms > 5 || rms < 1 {
		t.Errorf("landmarks are %.2f pixels off, want 1 to 5", rms)
	}
	for i, m := range mean {
		if math.Hypot(m[0], m[1]) > 2.5 {
			t.Errorf("point %d is off by %.2f on average", i, m)
		}
	}
}

func TestName(t *testing.T) {
	for person, want := range map[int]string{0: "Person_0000", 7: "Person_0007", 12345: "Person_12345"} {
		if got := Name(person); got != want {
			t.Errorf("Name(%d) = %q, want %q", person, got, want)
		}
	}
}
