package face

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"
)

// Images that together need more memory than there is are decoded one after the
// other, and one that needs more than all of it is decoded alone.
func TestMemory(t *testing.T) {
	data := encodePNG(t, noise(100, 80, 1))
	const cost = 5 * 100 * 80
	for name, bytes := range map[string]int64{"room for one": 2*cost - 1, "for less than one": cost / 2} {
		lim := DefaultLimits()
		lim.Memory = NewMemory(bytes)
		_, release := held(t, lim, data)
		// The second waits, and does so until its context is done.
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		_, _, err := lim.DecodeHeld(ctx, newReader(data), "second")
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("%s: the second is decoded beside the first: %v", name, err)
		}
		release()
		_, release = held(t, lim, data)
		release()
	}
	lim := DefaultLimits()
	lim.Memory = NewMemory(2 * cost)
	_, first := held(t, lim, data)
	_, second := held(t, lim, data) // at the same time
	first()
	second()
}

// What fails gives its memory back.
func TestMemoryOfDamagedImages(t *testing.T) {
	lim := DefaultLimits()
	lim.Memory = NewMemory(1)
	data := encodePNG(t, noise(100, 80, 1))
	if _, _, err := lim.DecodeHeld(t.Context(), newReader(data[:len(data)/2]), "cut"); err == nil {
		t.Fatal("half a file is decoded")
	}
	// A context that is done wherever it is asked, the last time too.
	for left := 1; ; left++ {
		_, release, err := lim.DecodeHeld(&countdown{Context: t.Context(), left: left}, newReader(data), "stopped")
		if err == nil {
			release()
			break
		}
		_, release = held(t, lim, data)
		release()
	}
	_, release := held(t, lim, data)
	release()
	if _, err := lim.Decode(t.Context(), newReader(data), "whole"); err != nil {
		t.Fatal(err)
	}
	_, release = held(t, lim, data)
	release()
}

func held(t *testing.T, lim Limits, data []byte) (size int, release func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	img, release, err := lim.DecodeHeld(ctx, newReader(data), "photo")
	if err != nil {
		t.Fatal(err)
	}
	return img.Bounds().Dx(), release
}

func newReader(data []byte) *bytes.Reader { return bytes.NewReader(data) }

// What an image is said to cost is about what it takes, and no less.
func TestCost(t *testing.T) {
	slow(t)
	const side = 512
	for name, data := range map[string][]byte{
		"PNG": plainPNG(t, side, side, 2, 8, 3), "PNG, grey": plainPNG(t, side, side, 0, 8, 1), "PNG, 16 bits": plainPNG(t, side, side, 6, 16, 8),
		"JPEG":                    encodeJPEG(t, quadrantImage(side, side)),
		"JPEG, progressive, grey": progressiveJPEG(side, side, 1, 3), "JPEG, progressive": progressiveJPEG(side, side, 3, 3),
		"JPEG, progressive, four colours": progressiveJPEG(side, side, 4, 3),
		"BMP":                             encodeBMP(t, quadrantImage(side, side)), "WebP": encodeWebP(quadrantImage(side, side)), "WebP, lossy": riffFile(lossyWebP(side, side)),
	} {
		format, config, err := DefaultLimits().check(data, name)
		if err != nil {
			t.Fatal(err)
		}
		var decodeErr error
		n := allocated(func() { _, decodeErr = format.decode(newReader(data)) })
		if decodeErr != nil {
			t.Fatal(decodeErr)
		}
		took, cost := float64(n-1<<17)/side/side, float64(format.cost(data, config))
		t.Logf("%s: said to cost %.0f bytes a pixel, takes %.1f", name, cost, took)
		if took > cost || cost > 4*took+4 {
			t.Errorf("%s: said to cost %.0f bytes a pixel, takes %.1f", name, cost, took)
		}
	}
}
