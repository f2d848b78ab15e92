package sphereface_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/sphereface-go/sphereface"
)

// A photo that exceeds a limit is refused with one line that names it and the limit.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		limits sphereface.Limits
		want   string
	}{
		{sphereface.Limits{Bytes: 10_000}, "the file is larger than the limit of 0.00954 MiB"},
		{sphereface.Limits{Pixels: 512*512 - 1}, "512×512 pixels (0.262 megapixels) are more than the limit of 0.262 megapixels"},
		{sphereface.Limits{Time: 1}, "took longer than the limit of 1ns; scale it down, or raise the limit"},
		{sphereface.Limits{Time: -1}, "limits of 0 bytes, 0 pixels, -1ns"},
	} {
		_, err := sphereface.ReadFile(t.Context(), portrait, c.limits)
		oneLine(t, err, c.want)
		_, err = sphereface.ReadPhoto(t.Context(), portrait, sphereface.AlignFixed, c.limits)
		oneLine(t, err, c.want)
		data, readErr := os.ReadFile(portrait)
		if readErr != nil {
			t.Fatal(readErr)
		}
		_, err = sphereface.Decode(t.Context(), bytes.NewReader(data), "upload", c.limits)
		oneLine(t, err, c.want)
		if c.limits.Time >= 0 && !strings.Contains(err.Error(), "upload") {
			t.Errorf("%v does not name the image", err)
		}
		if slow := c.limits.Time > 0; errors.Is(err, context.DeadlineExceeded) != slow {
			t.Errorf("%v: too slow is %v", err, slow)
		}
	}
	exact := sphereface.Limits{Bytes: 67995, Pixels: 512 * 512, Time: time.Hour}
	if _, err := sphereface.ReadPhoto(t.Context(), portrait, sphereface.AlignFixed, exact); err != nil {
		t.Errorf("at its limits: %v", err)
	}
}

// The limit of time holds for the search, too.
func TestSearchTakesTooLong(t *testing.T) {
	ctx, cancel := sphereface.Limits{Time: time.Millisecond}.Context(t.Context())
	defer cancel()
	<-ctx.Done()
	_, err := sphereface.Detect(ctx, read(t, portrait))
	oneLine(t, err, "took longer than the limit of 1ms")
}

// A photo on its side, as its EXIF data says, has the face of the upright one.
func TestOrientation(t *testing.T) {
	upright := read(t, portrait)
	turned := image.NewRGBA(image.Rect(0, 0, 512, 512))
	for y := range 512 {
		for x := range 512 {
			turned.Set(y, 511-x, upright.At(x, y)) // a quarter anticlockwise
		}
	}
	path := save(t, "turned.jpg", turned)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// An APP1 segment with one directory of one entry: orientation 6, big-endian.
	exif := "\xff\xe1\x00\x22Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	if err := os.WriteFile(path, append([]byte(string(data[:2])+exif), data[2:]...), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := sphereface.ReadPhoto(t.Context(), path, sphereface.AlignDetect, sphereface.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := sphereface.Detect(t.Context(), upright)
	if err != nil {
		t.Fatal(err)
	}
	// Compressed twice, it is not the same to the last bit.
	for i, q := range p.Faces[0].Points {
		if w := want[0].Points[i]; max(q[0]-w[0], w[0]-q[0], q[1]-w[1], w[1]-q[1]) > 2 {
			t.Errorf("point %d at %v, upright at %v", i, q, w)
		}
	}
}

func TestReadErrors(t *testing.T) {
	wall := save(t, "wall.png", plain(300, 200, color.Gray{90}))
	_, err := sphereface.ReadPhoto(t.Context(), wall, sphereface.AlignDetect, sphereface.Limits{})
	oneLine(t, err, "sphereface: "+wall+": no face found in 300×200 pixels")
	_, err = sphereface.ReadPhoto(t.Context(), wall, sphereface.AlignNone, sphereface.Limits{})
	oneLine(t, err, "sphereface: "+wall+": an image of 300×200 pixels is no aligned crop")
	_, err = sphereface.ReadFile(t.Context(), wall+"x", sphereface.Limits{})
	oneLine(t, err, wall+"x: no such file or directory; check the path")
	_, err = sphereface.Decode(t.Context(), strings.NewReader("this is text"), "upload", sphereface.Limits{})
	oneLine(t, err, "upload: not an image")
}
