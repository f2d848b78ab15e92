package face

import (
	"bytes"
	"context"
	"errors"
	"testing"
)

// countdown is a context that is done once it has been asked so many times.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left == 0 {
		return context.Canceled
	}
	c.left--
	return nil
}

// Decoding stops wherever its context ends: while the file is read, and in the midst
// of the pixels.
func TestDecodeStops(t *testing.T) {
	img := noise(400, 300, 1)
	for name, data := range map[string][]byte{"JPEG": encodeJPEG(t, img), "PNG": encodePNG(t, img), "BMP": encodeBMP(t, img)} {
		const plenty = 1 << 20
		ctx := &countdown{t.Context(), plenty}
		if _, err := DefaultLimits().Decode(ctx, bytes.NewReader(data), name); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		asked := plenty - ctx.left
		if asked < 20 {
			t.Errorf("%s: the context is asked %d times only", name, asked)
		}
		for left := range asked {
			ctx := &countdown{t.Context(), left}
			if img, err := DefaultLimits().Decode(ctx, bytes.NewReader(data), name); !errors.Is(err, context.Canceled) || img != nil {
				t.Fatalf("%s, done at %d of %d: error %v", name, left, asked, err)
			}
		}
	}
}

// Limits other than the default ones hold for files.
func TestLimitsOpen(t *testing.T) {
	lim := Limits{Bytes: 1000, Pixels: 1 << 20}
	_, err := lim.Open(portrait)
	checkError(t, err, "face: "+portrait, "larger than the limit of")
}
