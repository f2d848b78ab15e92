package dataset

import (
	"bytes"
	"slices"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
)

// buffer is a file in memory.
type buffer []byte

func (b *buffer) WriteAt(p []byte, at int64) (int, error) {
	if end := int(at) + len(p); end > len(*b) {
		*b = append(*b, make([]byte, end-len(*b))...)
	}
	return copy((*b)[at:], p), nil
}

// cropBytes is the cache of the crops.
func cropBytes(t testing.TB, key cacheKey, crops ...face.Crop) []byte {
	t.Helper()
	var b buffer
	w := newCropWriter(&b, key, len(crops))
	for i, c := range crops {
		if err := w.put(i, c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.finish(); err != nil {
		t.Fatal(err)
	}
	return b
}

// A cache that is accepted is, byte for byte, what its crops are written as:
// nothing in it is passed over.
func FuzzReadCrops(f *testing.F) {
	const n = 2
	key := cacheKey{1, 2, 3}
	crops := make([]face.Crop, n)
	for i := range crops {
		crops[i] = face.NewCrop()
		for j := range crops[i].Pix {
			crops[i].Pix[j] = uint8(j * (i + 1))
		}
	}
	whole := cropBytes(f, key, crops...)
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add(whole[:cropHeader])
	f.Add([]byte(nil))
	f.Add(cropBytes(f, cacheKey{}, crops...))
	f.Add(cropBytes(f, key, crops[0]))
	for _, at := range []int{0, len(cropMagic), cropHeader - 5, cropHeader - 1, cropHeader, cropHeader + 4*n, len(whole) - 1} {
		damaged := slices.Clone(whole)
		damaged[at] ^= 0x40
		f.Add(damaged)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := readCrops(bytes.NewReader(data), int64(len(data)), key, n)
		if err != nil {
			if bytes.Equal(data, whole) {
				t.Errorf("the whole cache is refused: %v", err)
			}
			return
		}
		var read []face.Crop
		for i := range n {
			crop, err := c.crop(i, face.Crop{})
			if err != nil {
				t.Fatal(err)
			}
			read = append(read, crop)
		}
		if !bytes.Equal(cropBytes(t, key, read...), data) {
			t.Error("the cache holds something that was not checked")
		}
	})
}
