package face

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"runtime"
	"testing"
)

func segment(marker byte, content ...byte) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2))
	return append(out, content...)
}

func progressiveJPEG(w, h, colours, more int) []byte {
	out := []byte("\xff\xd8")
	if colours == 4 {
		out = append(out, segment(0xee, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00")...)...)
	}
	out = append(out, segment(0xdb, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)...)
	frame := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(colours)}
	first := []byte{byte(colours)}
	for c := range colours {
		frame = append(frame, byte(c+1), 0x11, 0)
		first = append(first, byte(c+1), 0)
	}
	out = append(out, segment(0xc2, frame...)...)
	// Prefix codes of one symbol each: no difference; the end of 16,384 blocks.
	out = append(out, segment(0xc4, append(append([]byte{0x00, 1}, make([]byte, 15)...), 0x00)...)...)
	out = append(out, segment(0xc4, append(append([]byte{0x10, 1}, make([]byte, 15)...), 0xe0)...)...)
	blocks := (w + 7) / 8 * ((h + 7) / 8)
	out = append(out, segment(0xda, append(first, 0, 0, 0)...)...)
	out = append(out, make([]byte, (colours*blocks+7)/8)...)
	for range more {
		out = append(out, segment(0xda, 1, 1, 0, 1, 63, 0x10)...)
		out = append(out, make([]byte, (blocks/16384+1)*2)...)
	}
	return append(out, 0xff, 0xd9)
}

func pngChunk(name string, content []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	body := append([]byte(name), content...)
	return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
}

func plainPNG(t testing.TB, w, h int, kind, bits byte, bytesPerPixel int, chunks ...[]byte) []byte {
	t.Helper()
	header := binary.BigEndian.AppendUint32(nil, uint32(w))
	header = append(binary.BigEndian.AppendUint32(header, uint32(h)), bits, kind, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", header)...)
	out = append(out, bytes.Join(chunks, nil)...)
	return append(append(out, pngChunk("IDAT", deflated(t, h*(1+w*bytesPerPixel)))...), pngChunk("IEND", nil)...)
}

func deflated(t testing.TB, n int) []byte {
	t.Helper()
	var buf bytes.Buffer
	z := zlib.NewWriter(&buf)
	if _, err := z.Write(make([]byte, n)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

func segmentSize(data []byte, w, h int) []byte {
	data = bytes.Clone(data)
	i := bytes.Index(data, []byte{0xff, 0xc2})
	binary.BigEndian.PutUint16(data[i+5:], uint16(h))
	binary.BigEndian.PutUint16(data[i+7:], uint16(w))
	return data
}
