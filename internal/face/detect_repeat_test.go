package face

import (
	"bytes"
	"context"
	"errors"
	"image"
	"slices"
	"sync"
	"testing"
)

func TestDetectIsRepeatable(t *testing.T) {
	img, _ := head(t)
	plain := warped(img, scaled(0.5), 120, 120)
	want := one(t, plain)
	wantCrop := mustCut(t, plain, want.Transform())
	// From several goroutines at once, of the same photo in the same memory and of a
	// part of a larger one.
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			var photo image.Image = plain
			if i%2 == 1 {
				photo = within(t, plain, image.Pt(10*i, 3+i))
			}
			got, err := Detect(t.Context(), photo)
			if err != nil || !slices.Equal(got, []Face{want}) {
				t.Errorf("%+v (%v), want %+v", got, err, want)
				return
			}
			if !bytes.Equal(mustCut(t, photo, got[0].Transform()).Pix, wantCrop.Pix) {
				t.Error("another crop")
			}
		})
	}
	wg.Wait()
}

type countdown struct {
	context.Context
	mu   sync.Mutex
	left int
}

func (c *countdown) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestDetectStops(t *testing.T) {
	img := noise(90, 90, 1)
	all := &countdown{Context: t.Context(), left: 1 << 30}
	if _, err := Detect(all, img); err != nil {
		t.Fatal(err)
	}
	asked := 1<<30 - all.left
	if asked < 100 {
		t.Fatalf("the context is asked %d times only", asked)
	}
	for _, left := range []int{0, 1, asked / 2, asked - 1} {
		faces, err := Detect(&countdown{Context: t.Context(), left: left}, img)
		if !errors.Is(err, context.Canceled) || faces != nil {
			t.Errorf("done after %d of %d times: %d faces, error %v", left, asked, len(faces), err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := AlignDetect.Frame(ctx, img)
	var none *NoFaceError
	if !errors.Is(err, context.Canceled) || errors.As(err, &none) {
		t.Errorf("error %v, want that of the context", err)
	}
}

// Several copies of the portrait's head on one photo: all are found, the most
// prominent first.
