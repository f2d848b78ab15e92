package face

import (
	"bytes"
	"encoding/binary"
	"image"
	"testing"
)

// lossyWebP writes a picture of one colour as the smallest key frame of VP8 (RFC
// 6386, 9.1): zeros are what each decision of the decoder takes as usual, and so
// the end of each block.
func lossyWebP(w, h int) []byte {
	first := 200 + w*h/100 // bytes of the first partition, more than it takes; as many follow
	frame := []byte{byte(first&7)<<5 | 1<<4, byte(first >> 3), byte(first >> 11), 0x9d, 0x01, 0x2a}
	frame = binary.LittleEndian.AppendUint16(frame, uint16(w))
	frame = binary.LittleEndian.AppendUint16(frame, uint16(h))
	return riffChunk("VP8 ", append(frame, make([]byte, 2*first)...))
}

// extendedWebP is the first chunk of a file with features.
func extendedWebP(features byte, w, h int) []byte {
	head := []byte{features, 0, 0, 0}
	for _, n := range []int{w - 1, h - 1} {
		head = append(head, byte(n), byte(n>>8), byte(n>>16))
	}
	return riffChunk("VP8X", head)
}

// transparentWebP is lossy with an alpha channel beside it.
func transparentWebP(w, h int) []byte {
	alpha := riffChunk("ALPH", make([]byte, 1+w*h))
	return riffFile(extendedWebP(1<<4, w, h), alpha, lossyWebP(w, h))
}

func animatedWebP() []byte {
	return riffFile(extendedWebP(1<<1, 32, 32), riffChunk("ANIM", make([]byte, 6)))
}

func TestLossyWebP(t *testing.T) {
	img, err := readImage(bytes.NewReader(riffFile(lossyWebP(40, 33))), "photo", DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := img.(*image.YCbCr); !ok || img.Bounds() != image.Rect(0, 0, 40, 33) {
		t.Errorf("%T of %v, want YCbCr of 40×33", img, img.Bounds())
	}
	through, err := readImage(bytes.NewReader(transparentWebP(40, 33)), "photo", DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := through.(*image.NYCbCrA); !ok {
		t.Errorf("%T, want NYCbCrA", through)
	}
	// Transparency is dropped, so the crops are the same.
	a, errA := fixedCrop(img)
	b, errB := fixedCrop(through)
	if errA != nil || errB != nil || !bytes.Equal(a.Pix, b.Pix) {
		t.Errorf("crops differ (%v, %v)", errA, errB)
	}
}
