package face

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// noiseCrop is a crop of random pixels.
func noiseCrop() Crop {
	rng := rand.New(rand.NewPCG(1, 1))
	crop := NewCrop()
	for i := range crop.Pix {
		crop.Pix[i] = uint8(rng.Uint32())
	}
	return crop
}

func TestTensor(t *testing.T) {
	crop, dst := noiseCrop(), make([]float32, CropSize)
	for _, mirror := range []bool{false, true} {
		crop.Tensor(dst, mirror)
		wantTensor(t, dst, crop, 0, 0, mirror)
	}
}

func TestShiftedTensor(t *testing.T) {
	crop, dst := noiseCrop(), make([]float32, CropSize)
	for _, d := range [][2]int{
		{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}, {8, -5}, {-48, 48}, {95, -111}, {-95, 111}, {96, 112}, {-96, -112}, {200, 200}, {-200, -200},
	} {
		for _, mirror := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v mirror=%v", d, mirror), func(t *testing.T) {
				crop.ShiftedTensor(dst, d[0], d[1], mirror)
				wantTensor(t, dst, crop, d[0], d[1], mirror)
			})
		}
	}
}

// wantTensor compares got with the crop, pixel by pixel.
func wantTensor(t *testing.T, got []float32, crop Crop, dx, dy int, mirror bool) {
	t.Helper()
	for c := range 3 {
		for y := range CropHeight {
			for x := range CropWidth {
				fx, fy := x, max(0, min(y-dy, CropHeight-1))
				if mirror {
					fx = CropWidth - 1 - x
				}
				fx = max(0, min(fx-dx, CropWidth-1))
				// Division by 128 is exact in float32, so the values are equal.
				want := (float32(crop.Pix[3*(fy*CropWidth+fx)+c]) - 127.5) / 128
				if got := got[(c*CropHeight+y)*CropWidth+x]; got != want {
					t.Fatalf("channel %d (%d, %d): %g, want %g", c, x, y, got, want)
				}
			}
		}
	}
}

func BenchmarkTensor(b *testing.B) {
	crop, dst := noiseCrop(), make([]float32, CropSize)
	b.SetBytes(CropSize)
	for b.Loop() {
		crop.ShiftedTensor(dst, -5, 3, true)
	}
}
