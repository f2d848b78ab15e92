package face

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// A photo with a face is cropped by its face, one without by the fixed frame, and
// other errors stay what they are.
func TestReadCropOrFixed(t *testing.T) {
	crop, framing, err := AlignDetect.ReadCropOrFixed(t.Context(), portraitFile)
	want, wantErr := readCrop(t, AlignDetect, portraitFile)
	if err != nil || wantErr != nil || framing.NoFace || framing.Face == nil || !bytes.Equal(crop.Pix, want.Pix) {
		t.Errorf("a portrait: %+v, errors %v and %v, or another crop", framing, err, wantErr)
	}

	empty := filepath.Join(t.TempDir(), "empty.png")
	if err := os.WriteFile(empty, encodePNG(t, noise(250, 250, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = readCrop(t, AlignDetect, empty)
	if _, ok := errors.AsType[*NoFaceError](err); !ok {
		t.Fatalf("noise: %v, want a *NoFaceError", err)
	}
	crop, framing, err = AlignDetect.ReadCropOrFixed(t.Context(), empty)
	want, wantErr = readCrop(t, AlignFixed, empty)
	if err != nil || wantErr != nil || !framing.NoFace || framing.Face != nil || !bytes.Equal(crop.Pix, want.Pix) {
		t.Errorf("noise: %+v, errors %v and %v, or another crop", framing, err, wantErr)
	}
	if _, framing, err := AlignFixed.ReadCropOrFixed(t.Context(), empty); err != nil || framing.NoFace {
		t.Errorf("the fixed frame misses no face: %+v, %v", framing, err)
	}

	small := filepath.Join(t.TempDir(), "small.png")
	if err := os.WriteFile(small, encodePNG(t, noise(20, 20, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err = AlignDetect.ReadCropOrFixed(t.Context(), small)
	checkError(t, err, "face: "+small, "20×20 pixels is too small")
	_, _, err = AlignDetect.ReadCropOrFixed(t.Context(), small+"x")
	checkError(t, err, "face: "+small+"x", "no such file")

	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := AlignDetect.ReadCropOrFixed(stopped, portraitFile); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}
