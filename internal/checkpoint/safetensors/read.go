package safetensors

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Read reads a file of length bytes from r. The errors name the tensor and say
// what is wrong with it; the caller adds the name of the file.
func Read(r io.Reader, length int64) (File, error) {
	var prefix [8]byte
	if _, err := io.ReadFull(r, prefix[:]); err != nil {
		return File{}, short("header length", err)
	}
	n := binary.LittleEndian.Uint64(prefix[:])
	if n > maxHeader {
		return File{}, errors.New("not a safetensors file: it does not start with the length of a header")
	}
	if int64(n) > length-8 {
		return File{}, fmt.Errorf("cut short: the header alone is %d bytes, the file %d", n, length)
	}
	raw := make([]byte, n)
	if _, err := io.ReadFull(r, raw); err != nil {
		return File{}, short("header", err)
	}
	h, err := decodeHeader(raw)
	if err != nil {
		return File{}, err
	}
	if have := length - 8 - int64(n); have < h.end {
		return File{}, fmt.Errorf("cut short: %d bytes of %d are missing", h.end-have, length+h.end-have)
	} else if have > h.end {
		return File{}, fmt.Errorf("%d bytes at the end belong to no tensor", have-h.end)
	}
	f := File{Metadata: h.metadata, Tensors: make([]Tensor, 0, len(h.tensors))}
	buf := make([]byte, 1<<16)
	for _, t := range h.tensors {
		values := make([]float32, t.count)
		for at := 0; at < len(values); {
			chunk := buf[:min(len(buf), itemSize*(len(values)-at))]
			if _, err := io.ReadFull(r, chunk); err != nil {
				return File{}, short("tensor "+t.name, err)
			}
			for i := 0; i < len(chunk); i += itemSize {
				values[at] = math.Float32frombits(binary.LittleEndian.Uint32(chunk[i:]))
				at++
			}
		}
		f.Tensors = append(f.Tensors, Tensor{Name: t.name, Shape: t.shape, Values: values})
	}
	return f, nil
}

// short names what ended too soon.
func short(what string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("cut short: it ends within the %s", what)
	}
	return fmt.Errorf("read %s: %w", what, err)
}
