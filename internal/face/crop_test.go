package face

import "testing"

func TestTensor(t *testing.T) {
	crop := NewCrop()
	for i := range crop.Pix {
		crop.Pix[i] = uint8(i * 7)
	}
	dst := make([]float32, CropSize)
	for _, mirror := range []bool{false, true} {
		crop.Tensor(dst, mirror)
		for c := range 3 {
			for y := range CropHeight {
				for x := range CropWidth {
					sx := x
					if mirror {
						sx = CropWidth - 1 - x
					}
					// Division by 128 is exact in float32, so the values are equal.
					want := (float32(crop.Pix[3*(y*CropWidth+sx)+c]) - 127.5) / 128
					if got := dst[(c*CropHeight+y)*CropWidth+x]; got != want {
						t.Fatalf("mirror %v: channel %d (%d, %d): %g, want %g", mirror, c, x, y, got, want)
					}
				}
			}
		}
	}
}

func BenchmarkTensor(b *testing.B) {
	crop, dst := NewCrop(), make([]float32, CropSize)
	b.SetBytes(CropSize)
	for b.Loop() {
		crop.Tensor(dst, true)
	}
}
