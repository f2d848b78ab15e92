package dataset

import (
	"bytes"
	"reflect"
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
func cropBytes(t testing.TB, settings cropSettings, crops ...aligned) []byte {
	t.Helper()
	var b buffer
	w, err := newCropWriter(&b, settings, len(crops))
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range crops {
		if err := w.put(i, c); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// A cache that is accepted is, byte for byte, what its crops are written as:
// nothing in it is passed over. Of any other, each crop that is given out is one
// that was written.
func FuzzReadCrops(f *testing.F) {
	settings := cropSettings{1, 2, 3}
	crops := make([]aligned, 2)
	var photos []content
	for i := range crops {
		crops[i] = aligned{face.NewCrop(), cropOfFace + cropState(i), content{7, byte(i)}}
		for j := range crops[i].crop.Pix {
			crops[i].crop.Pix[j] = uint8(j * (i + 1))
		}
		photos = append(photos, crops[i].content)
	}
	n := len(crops)
	whole := cropBytes(f, settings, crops...)
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add(append(slices.Clone(whole), 0))
	f.Add(whole[:cropHeader])
	f.Add([]byte(nil))
	f.Add(cropBytes(f, cropSettings{}, crops...))
	f.Add(cropBytes(f, settings, crops[0]))
	f.Add(cropBytes(f, settings, crops[1], crops[0]))
	for _, at := range []int{0, len(cropMagic), cropHeader - 5, cropHeader - 1, cropHeader, cropHeader + 32, cropHeader + n*cropRow, len(whole) - 1} {
		damaged := slices.Clone(whole)
		damaged[at] ^= 0x40
		f.Add(damaged)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := readCropFile(bytes.NewReader(data), int64(len(data)), settings)
		if err != nil {
			if bytes.Equal(data, whole) {
				t.Errorf("the whole cache is refused: %v", err)
			}
			return
		}
		if err := c.check(t.Context(), photos, CacheOptions{}); (err == nil) != bytes.Equal(data, whole) {
			t.Errorf("the cache holds something that was not checked, or is refused: %v", err)
		}
		for i := range c.n {
			crop, err := c.crop(i, face.Crop{})
			if err != nil {
				continue
			}
			got := aligned{crop, c.state(i), c.content(i)}
			if !slices.ContainsFunc(crops, func(a aligned) bool { return reflect.DeepEqual(a, got) }) {
				t.Errorf("crop %d is none that was written", i)
			}
		}
	})
}
