package face

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"testing"
)

func TestDecodeStops(t *testing.T) {
	img := noise(300, 300, 1)
	for name, data := range map[string][]byte{
		"JPEG": encodeJPEG(t, img), "PNG": encodePNG(t, img), "BMP": encodeBMP(t, img), "WebP": encodeWebP(quadrantImage(300, 300)),
		"WebP, lossy": riffFile(lossyWebP(300, 300)), "turned": withEXIF(t, encodePNG(t, img), tiff(binary.BigEndian, 6)),
	} {
		all := &countdown{Context: t.Context(), left: 1 << 30}
		if _, err := DefaultLimits().Decode(all, bytes.NewReader(data), name); err != nil {
			t.Fatal(err)
		}
		asked := 1<<30 - all.left
		for _, left := range []int{0, asked / 2, asked - 1} {
			got, err := DefaultLimits().Decode(&countdown{Context: t.Context(), left: left}, bytes.NewReader(data), name)
			if !errors.Is(err, context.Canceled) || got != nil {
				t.Fatalf("%s, done after %d of %d times: error %v", name, left, asked, err)
			}
			checkError(t, err, "face: "+name+": ", "stopped while it was decoded")
		}
	}
}
